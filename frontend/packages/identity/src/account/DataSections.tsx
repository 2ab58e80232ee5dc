/** What the shop keeps of its owner: all of it in one file, and the end of it. */
import type { User } from "@carat/api-client";
import { Button, Dialog, downloadBlob, Input, ProblemNotice } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { shownProblem } from "../fresh-proof";
import { deleteAccount, exportData } from "../operations";
import { AccountSection } from "./AccountSection";

export function ExportSection() {
  const take = useMutation({
    mutationFn: exportData,
    onSuccess: (file) => downloadBlob(file, `carat-${new Date().toISOString().slice(0, 10)}.json`),
  });
  return (
    <AccountSection
      title="Take your data"
      about="Everything that we keep of you: profile, addresses, orders, devices and what happened to your account."
    >
      <p className="text-[0.9375rem] text-muted">
        One file in JSON, which people and programs can read. It holds private things; keep it safe.
      </p>
      <ProblemNotice problem={shownProblem(take.error)} />
      <Button variant="secondary" pending={take.isPending} onClick={() => take.mutate()}>
        Download your data
      </Button>
      <p role="status" className="empty:hidden text-[0.9375rem] text-success">
        {take.isSuccess && "The file is in your downloads."}
      </p>
    </AccountSection>
  );
}

export function DeleteSection({ user, onDeleted }: { user: User; onDeleted: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <AccountSection title="Delete the account" about="For good. Nobody can bring it back, not even we.">
      <Button variant="danger" onClick={() => setAsking(true)}>
        Delete your account
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title="Delete your account?">
        {asking && <Confirm user={user} onDeleted={onDeleted} onClose={() => setAsking(false)} />}
      </Dialog>
    </AccountSection>
  );
}

function Confirm({
  user,
  onDeleted,
  onClose,
}: Parameters<typeof DeleteSection>[0] & { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const matches = typed.trim().toLowerCase() === user.email.toLowerCase();
  const remove = useMutation({ mutationFn: deleteAccount, onSuccess: onDeleted });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (matches) remove.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <ul className="list-disc space-y-1 pl-5 text-[0.9375rem]">
        <li>Your name, addresses, passkeys and keys are erased.</li>
        <li>Your orders stay in the books, without your name. Orders under way still arrive.</li>
        {user.role === "seller" && <li>Your pieces go off sale.</li>}
      </ul>
      <Input
        label={
          <>
            To confirm, type <span className="break-all">{user.email}</span>
          </>
        }
        type="email"
        autoComplete="off"
        value={typed}
        error={tried && !matches ? "This is not the address of your account." : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ProblemNotice problem={shownProblem(remove.error)} />
      <div className="flex flex-wrap justify-end gap-3">
        <Button variant="secondary" onClick={onClose}>
          Keep the account
        </Button>
        <Button type="submit" variant="danger" pending={remove.isPending}>
          Delete it for good
        </Button>
      </div>
    </form>
  );
}
