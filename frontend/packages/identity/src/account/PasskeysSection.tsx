/** The owner's passkeys: to be added, named and removed. */
import { Button, ConfirmDialog, Dialog, Input, ProblemNotice, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { deviceName } from "../device-name";
import { shownProblem } from "../fresh-proof";
import { addPasskey, type Passkey, passkeysQuery, removePasskey, renamePasskey } from "../operations";
import { knowsPasskeys } from "../webauthn";
import { AccountSection } from "./AccountSection";
import { Loaded } from "./Loaded";
import { Row, Rows, rowAction } from "./Rows";
import { ago, dateOf } from "./times";

export function PasskeysSection() {
  const client = useQueryClient();
  const passkeys = useQuery(passkeysQuery);
  const [renaming, setRenaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  const refresh = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  const add = useMutation({
    mutationFn: () => addPasskey(deviceName()),
    onSuccess: async (added) => {
      await refresh();
      toast({
        message: "Your passkey is ready.",
        action: { label: "Name it", onAction: () => setRenaming(added) },
      });
    },
  });
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => removePasskey(id),
    onMutate: () => setRemoving(undefined),
    onSuccess: async () => {
      await refresh();
      toast({ message: "The passkey is removed." });
    },
  });
  return (
    <AccountSection
      title="Passkeys"
      about="Sign in with your fingerprint, your face or your device's code. Nothing to remember, and nothing that a false page could take from you."
    >
      <Loaded query={passkeys} what="your passkeys">
        {(list) =>
          list.length === 0 ? (
            <p className="text-muted">You have no passkey yet.</p>
          ) : (
            <Rows label="Your passkeys">
              {list.map((passkey) => (
                <Row
                  key={passkey.id}
                  icon={<KeyRound aria-hidden="true" size={20} strokeWidth={1.5} />}
                  title={passkey.name}
                  facts={`Added ${dateOf(passkey.created_at)}, ${passkey.last_used_at ? `last used ${ago(passkey.last_used_at)}` : "not used yet"}`}
                  actions={
                    <>
                      <button
                        type="button"
                        className={rowAction}
                        aria-label={`Rename ${passkey.name}`}
                        onClick={() => setRenaming(passkey)}
                      >
                        Rename
                      </button>
                      <button
                        type="button"
                        className={rowAction}
                        aria-label={`Remove ${passkey.name}`}
                        onClick={() => setRemoving(passkey)}
                      >
                        Remove
                      </button>
                    </>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <ProblemNotice problem={shownProblem(add.error ?? remove.error)} />
      {knowsPasskeys() ? (
        <Button variant="secondary" pending={add.isPending} onClick={() => add.mutate()}>
          Add a passkey
        </Button>
      ) : (
        <p className="text-sm text-muted">
          Passkeys cannot be made in this browser, or at this address of the shop.
        </p>
      )}
      <Dialog open={renaming !== undefined} onClose={() => setRenaming(undefined)} title="Name the passkey">
        {renaming && <Rename passkey={renaming} onDone={() => setRenaming(undefined)} />}
      </Dialog>
      <ConfirmDialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title="Remove this passkey?"
        confirmLabel="Remove it"
        pending={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
      >
        “{removing?.name}” will no longer sign you in. Delete it on your device, too.
      </ConfirmDialog>
    </AccountSection>
  );
}

function Rename({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({
    mutationFn: () => renamePasskey(passkey.id, name.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) rename.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Input
        label="Name"
        hint="Such as the device that it lives on."
        maxLength={100}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <ProblemNotice problem={shownProblem(rename.error)} />
      <Button type="submit" className="self-start" pending={rename.isPending}>
        Save
      </Button>
    </form>
  );
}
