/** A new password, in exchange for the old one. Who signed in another way until now can set a first one. */
import { type Problem, showAtFields, toProblem, type User } from "@carat/api-client";
import { Button, PasswordInput, ProblemNotice, toast } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { wasCancelled } from "../fresh-proof";
import { NewPasswordField } from "../NewPasswordField";
import { changePassword, sessionsQuery } from "../operations";
import { newPasswordField, passwordField } from "../schemas";
import { AccountSection } from "./AccountSection";

const first = v.object({ current_password: v.string(), password: newPasswordField });
const another = v.object({ current_password: passwordField, password: newPasswordField });

export function PasswordSection({ user, onChange }: { user: User; onChange: (user: User) => void }) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(user.has_password ? another : first),
    defaultValues: { current_password: "", password: "" },
  });
  const { errors } = form.formState;
  const change = useMutation({
    mutationFn: ({ current_password, password }: { current_password: string; password: string }) =>
      changePassword({ password, ...(user.has_password && { current_password }) }),
    onMutate: () => setProblem(undefined),
    onSuccess: () => {
      form.reset();
      onChange({ ...user, has_password: true });
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      toast({ message: "Your new password is set. Your other devices are signed out." });
    },
    onError: (error) => {
      if (!wasCancelled(error))
        setProblem(showAtFields(form, toProblem(error), ["current_password", "password"]));
    },
  });
  return (
    <AccountSection
      title="Password"
      about={
        user.has_password
          ? "A new one signs your other devices out."
          : "You sign in without a password. You can set one, as another way in."
      }
    >
      <form
        onSubmit={form.handleSubmit((values) => change.mutate(values))}
        noValidate
        className="flex w-full flex-col gap-5"
      >
        <input
          type="email"
          autoComplete="username"
          value={user.email}
          readOnly
          aria-label="E-mail"
          tabIndex={-1}
          className="sr-only"
        />
        {user.has_password && (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            error={errors.current_password?.message}
            {...form.register("current_password")}
          />
        )}
        <NewPasswordField
          label="New password"
          typed={form.watch("password")}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <ProblemNotice problem={problem} />
        <Button type="submit" className="self-start" pending={change.isPending}>
          {user.has_password ? "Change the password" : "Set a password"}
        </Button>
      </form>
    </AccountSection>
  );
}
