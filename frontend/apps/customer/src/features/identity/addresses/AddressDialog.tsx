/** One address: a new one, or one that is changed. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, Dialog, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { AddressFields } from "../../checkout/AddressFields";
import { likelyCountry } from "../../checkout/countries";
import { type Address, formOf, useSaveAddress } from "./queries";
import { type AddressForm, addressFields, addressSchema } from "./schema";

interface Props {
  /** The address that is changed, or the name with which a new one begins. */
  address: Address | { name: string } | undefined;
  onClose: () => void;
}

export function AddressDialog({ address, onClose }: Props) {
  const isNew = address !== undefined && !("id" in address);
  return (
    <Dialog
      open={address !== undefined}
      onClose={onClose}
      title={isNew ? "A new address" : "Change the address"}
    >
      {address && <Form address={address} onDone={onClose} />}
    </Dialog>
  );
}

function Form({ address, onDone }: { address: Address | { name: string }; onDone: () => void }) {
  const known = "id" in address ? address : undefined;
  const save = useSaveAddress(known?.id);
  const [problem, setProblem] = useState<Problem>();
  const form = useForm<AddressForm>({
    resolver: standardSchemaResolver(addressSchema),
    defaultValues: valuesOf(address),
  });
  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    save.mutate(values, {
      onSuccess: onDone,
      onError: (error) => setProblem(showAtFields(form, toProblem(error), [...addressFields])),
    });
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <AddressFields
        field={(name, autoComplete) => ({
          ...form.register(name),
          autoComplete,
          error: form.formState.errors[name]?.message,
        })}
      />
      {known?.default ? (
        <p className="text-[0.9375rem] text-muted">The checkout begins with this address.</p>
      ) : (
        <label className="flex min-h-11 cursor-pointer items-center gap-3">
          <input type="checkbox" className="size-5 accent-accent" {...form.register("default")} />
          Begin the checkout with this address
        </label>
      )}
      <ProblemNotice problem={problem} />
      <Button type="submit" className="self-start" pending={save.isPending}>
        Save
      </Button>
    </form>
  );
}

function valuesOf(address: Address | { name: string }): AddressForm {
  if (!("id" in address)) {
    const empty = { line1: "", line2: "", postal_code: "", city: "", region: "", default: false };
    return { ...empty, name: address.name, country: likelyCountry() };
  }
  return formOf(address);
}
