/** E-mail and password. What comes after them is the page's business. */
import { type Problem, showAtFields, toProblem, type User } from "@carat/api-client";
import { Button, Input, PasswordInput, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import type { SecondFactor } from "./proof";
import { loginSchema } from "./schemas";
import { signIn } from "./sign-in";

interface Props {
  onSignedIn: (user: User) => void;
  onSecondFactor: (factor: SecondFactor) => void;
  /** Stands under the password: the way to a new one. */
  forgotten?: ReactNode;
  size?: "medium" | "large";
}

export function LoginForm({ onSignedIn, onSecondFactor, forgotten, size }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(loginSchema),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = form.formState;
  const login = useMutation({
    mutationFn: signIn,
    onMutate: () => setProblem(undefined),
    onSuccess: (outcome) =>
      "user" in outcome ? onSignedIn(outcome.user) : onSecondFactor(outcome.secondFactor),
    onError: (error) => setProblem(showAtFields(form, toProblem(error), ["email", "password"])),
  });

  return (
    <form
      onSubmit={form.handleSubmit((values) => login.mutate(values))}
      noValidate
      className="flex flex-col gap-5"
    >
      <Input
        label="E-mail"
        type="email"
        autoComplete="username webauthn"
        error={errors.email?.message}
        {...form.register("email")}
      />
      <div className="flex flex-col gap-1.5">
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          error={errors.password?.message}
          {...form.register("password")}
        />
        {forgotten}
      </div>
      <ProblemNotice problem={problem} />
      <Button type="submit" size={size} pending={login.isPending}>
        Sign in
      </Button>
    </form>
  );
}
