/** Where the customer has things sent. */
import { Loaded, rowAction, shownProblem } from "@carat/identity";
import { Badge, Button, EmptyState, ProblemNotice, toast } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePageTitle } from "../../../app/page-title";
import { countryName } from "../../checkout/countries";
import { AccountTitle } from "../AccountTitle";
import { useUser } from "../session";
import { AddressDialog } from "./AddressDialog";
import {
  type Address,
  addressesQuery,
  formOf,
  useDeleteAddress,
  useMakeDefault,
  useSaveAddress,
} from "./queries";

export function AddressesPage() {
  usePageTitle("Addresses");
  const user = useUser();
  const addresses = useQuery(addressesQuery);
  const [edited, setEdited] = useState<Address | { name: string }>();
  const startNew = () => setEdited({ name: user.name ?? "" });
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <AccountTitle>Addresses</AccountTitle>
        {addresses.data && addresses.data.length > 0 && <Button onClick={startNew}>Add an address</Button>}
      </div>
      <div className="mt-8">
        <Loaded query={addresses} what="your addresses">
          {(list) =>
            list.length === 0 ? (
              <EmptyState
                title="No addresses yet"
                action={<Button onClick={startNew}>Add an address</Button>}
              >
                Keep yours here, and the checkout has nothing left to ask.
              </EmptyState>
            ) : (
              <Cards addresses={list} onEdit={setEdited} />
            )
          }
        </Loaded>
      </div>
      <AddressDialog address={edited} onClose={() => setEdited(undefined)} />
    </>
  );
}

function Cards({ addresses, onEdit }: { addresses: Address[]; onEdit: (address: Address) => void }) {
  const remove = useDeleteAddress();
  const restore = useSaveAddress(undefined);
  const makeDefault = useMakeDefault();
  const takeAway = (address: Address) =>
    remove.mutate(address, {
      onSuccess: () =>
        toast({
          message: "The address is deleted.",
          action: {
            label: "Undo",
            onAction: () => restore.mutate(formOf(address)),
          },
        }),
    });
  return (
    <>
      <ProblemNotice problem={shownProblem(remove.error ?? makeDefault.error ?? restore.error)} />
      <ul aria-label="Your addresses" className="grid gap-5 sm:grid-cols-2">
        {addresses.map((address) => (
          <li key={address.id} className="flex flex-col rounded-md border border-line bg-surface p-5">
            {address.default && (
              <Badge tone="accent" className="mb-3 self-start">
                Default
              </Badge>
            )}
            <AddressText address={address} />
            <div className="-mb-2 -ml-2 mt-auto flex flex-wrap pt-4">
              <button
                type="button"
                className={rowAction}
                aria-label={`Change the address ${address.line1}`}
                onClick={() => onEdit(address)}
              >
                Change
              </button>
              <button
                type="button"
                className={rowAction}
                aria-label={`Delete the address ${address.line1}`}
                aria-disabled={remove.isPending && remove.variables.id === address.id}
                onClick={() => takeAway(address)}
              >
                Delete
              </button>
              {!address.default && (
                <button
                  type="button"
                  className={rowAction}
                  aria-label={`Make ${address.line1} the default`}
                  aria-disabled={makeDefault.isPending}
                  onClick={() => makeDefault.mutate(address)}
                >
                  Make default
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function AddressText({ address }: { address: Address }) {
  const { name, line1, line2, postal_code, city, region, country } = address;
  return (
    <address className="not-italic break-words">
      <strong className="font-medium">{name}</strong>
      <br />
      {line1}
      <br />
      {line2 && (
        <>
          {line2}
          <br />
        </>
      )}
      {[postal_code, city].join(" ")}
      <br />
      {[region, countryName(country)].filter(Boolean).join(", ")}
    </address>
  );
}
