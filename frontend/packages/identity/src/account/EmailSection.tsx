/** The address one signs in with. A new one counts once the code that was sent to it is entered; until then the old one stays. */
import { type Problem, showAtFields, toProblem, type User } from "@carat/api-client";
import { Badge, Button, CodeField, Input, ProblemNotice, toast } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { shownProblem, wasCancelled } from "../fresh-proof";
import { changeEmail, confirmEmail, keepOldEmail } from "../operations";
import { emailField } from "../schemas";
import { AccountSection } from "./AccountSection";

interface Props {
  user: User;
  onChange: (user: User) => void;
}

export function EmailSection({ user, onChange }: Props) {
  const [changing, setChanging] = useState(false);
  return (
    <AccountSection title="E-mail" about="You sign in with it, and we write to it about your orders.">
      <p className="flex flex-wrap items-center gap-2">
        <span className="break-all">{user.email}</span>
        <Badge tone={user.email_verified ? "success" : "warning"}>
          {user.email_verified ? "Verified" : "Not verified"}
        </Badge>
      </p>
      {user.pending_email ? (
        <Pending user={user} address={user.pending_email} onChange={onChange} />
      ) : changing ? (
        <Change
          onChange={(changed) => {
            setChanging(false);
            onChange(changed);
          }}
          onClose={() => setChanging(false)}
        />
      ) : (
        <Button variant="secondary" onClick={() => setChanging(true)}>
          Change the address
        </Button>
      )}
    </AccountSection>
  );
}

function Change({ onChange, onClose }: { onChange: (user: User) => void; onClose: () => void }) {
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(v.object({ email: emailField })),
    defaultValues: { email: "" },
  });
  const change = useMutation({
    mutationFn: ({ email }: { email: string }) => changeEmail(email),
    onMutate: () => setProblem(undefined),
    onSuccess: onChange,
    onError: (error) => {
      if (!wasCancelled(error)) setProblem(showAtFields(form, toProblem(error), ["email"]));
    },
  });
  return (
    <form
      onSubmit={form.handleSubmit((values) => change.mutate(values))}
      noValidate
      className="flex w-full flex-col gap-5"
    >
      <Input
        label="New address"
        type="email"
        autoComplete="email"
        // Whoever opens this form is about to type here.
        autoFocus
        error={form.formState.errors.email?.message}
        {...form.register("email")}
      />
      <ProblemNotice problem={problem} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={change.isPending}>
          Send a code there
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Never mind
        </Button>
      </div>
    </form>
  );
}

function Pending({ address, onChange }: Props & { address: string }) {
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: confirmEmail,
    onSuccess: (changed) => {
      onChange(changed);
      toast({ message: "Your new address is in use." });
    },
    onError: () => setCode(""),
  });
  const again = useMutation({ mutationFn: () => changeEmail(address), onSuccess: onChange });
  const drop = useMutation({ mutationFn: keepOldEmail, onSuccess: onChange });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code) confirm.mutate(code);
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-col gap-5">
      <p>
        We sent six digits to <strong className="break-all font-medium">{address}</strong>. They are good for
        15 minutes; until you enter them, the old address stays.
      </p>
      <CodeField
        label="Six-digit code"
        value={code}
        onChange={setCode}
        onComplete={(digits) => confirm.mutate(digits)}
      />
      <ProblemNotice problem={shownProblem(confirm.error ?? again.error ?? drop.error)} />
      <p role="status" className="empty:hidden text-[0.9375rem] text-success">
        {again.isSuccess && "A new code is on its way. Only the newest one counts."}
      </p>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={confirm.isPending}>
          Use the new address
        </Button>
        <Button variant="quiet" pending={again.isPending} onClick={() => again.mutate()}>
          Send a new code
        </Button>
        <Button variant="quiet" pending={drop.isPending} onClick={() => drop.mutate()}>
          Keep the old one
        </Button>
      </div>
    </form>
  );
}
