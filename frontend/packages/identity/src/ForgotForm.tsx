/** Asks for a mail with the way to a new password. Whether there is such an account is not told. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, Input, Notice, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { forgetPassword } from "./operations";
import { emailField } from "./schemas";

export function ForgotForm({ size }: { size?: "medium" | "large" }) {
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(v.object({ email: emailField })),
    defaultValues: { email: "" },
  });
  const ask = useMutation({
    mutationFn: ({ email }: { email: string }) => forgetPassword(email),
    onMutate: () => setProblem(undefined),
    onError: (error) => setProblem(showAtFields(form, toProblem(error), ["email"])),
  });
  if (ask.isSuccess) {
    return (
      <Notice tone="success" title="Look into your mailbox">
        <p>
          If <span className="break-all">{ask.variables.email}</span> has an account, a mail with the way to a
          new password is on its way. It can take a minute; look among the unwanted mails, too.
        </p>
      </Notice>
    );
  }
  return (
    <form
      onSubmit={form.handleSubmit((values) => ask.mutate(values))}
      noValidate
      className="flex flex-col gap-5"
    >
      <Input
        label="E-mail"
        type="email"
        autoComplete="username"
        error={form.formState.errors.email?.message}
        {...form.register("email")}
      />
      <ProblemNotice problem={problem} />
      <Button type="submit" size={size} pending={ask.isPending}>
        Send me the mail
      </Button>
    </form>
  );
}
