/** Chooses a new password, by the token of the mail that led here. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, Notice, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { NewPasswordField } from "./NewPasswordField";
import { resetPassword } from "./operations";
import { newPasswordField } from "./schemas";

interface Props {
  token: string;
  /** The way on, once the password is changed. */
  signIn: ReactNode;
  /** The way to another mail, when this one's time is up. */
  askAgain: ReactNode;
  size?: "medium" | "large";
}

export function ResetForm({ token, signIn, askAgain, size }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(v.object({ password: newPasswordField })),
    defaultValues: { password: "" },
  });
  const reset = useMutation({
    mutationFn: ({ password }: { password: string }) => resetPassword({ token, password }),
    onMutate: () => setProblem(undefined),
    onError: (error) => setProblem(showAtFields(form, toProblem(error), ["password"])),
  });
  if (reset.isSuccess) {
    return (
      <Notice tone="success" title="Your new password is set">
        <p>All devices were signed out. {signIn}</p>
      </Notice>
    );
  }
  if (problem?.code === "reset-token-expired") {
    return (
      <Notice tone="warning" title="This link is no longer good">
        <p>Each link is good once, and only for a while. {askAgain}</p>
      </Notice>
    );
  }
  return (
    <form
      onSubmit={form.handleSubmit((values) => reset.mutate(values))}
      noValidate
      className="flex flex-col gap-5"
    >
      <NewPasswordField
        label="New password"
        typed={form.watch("password")}
        error={form.formState.errors.password?.message}
        {...form.register("password")}
      />
      <ProblemNotice problem={problem} />
      <Button type="submit" size={size} pending={reset.isPending}>
        Set the password
      </Button>
    </form>
  );
}
