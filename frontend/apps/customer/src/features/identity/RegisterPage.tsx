/** Making an account. It is signed in at once; the e-mail address is verified on the next page. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, Input, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { registerSchema } from "./schemas";
import { useRegister } from "./use-sign-in";

const route = getRouteApi("/register");

export function RegisterPage() {
  usePageTitle("Make an account");
  const { redirect } = route.useSearch();
  const navigate = useNavigate();
  const register = useRegister();
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(registerSchema),
    defaultValues: { name: "", email: "", password: "" },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit(({ name, ...rest }) => {
    setProblem(undefined);
    register.mutate(
      { ...rest, ...(name && { name }) },
      {
        onSuccess: () => navigate({ to: "/verify", search: { redirect }, replace: true }),
        onError: (error) => setProblem(showAtFields(form, toProblem(error), ["name", "email", "password"])),
      },
    );
  });

  return (
    <AuthLayout
      title="Make an account"
      lead={
        <>
          Have one already?{" "}
          <Link to="/login" search={{ redirect }} className="text-ink underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Input
          label="Name"
          optional
          autoComplete="name"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <Input
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters, with an upper-case and a lower-case letter, a digit and a special character."
          error={errors.password?.message}
          {...form.register("password")}
        />
        <ProblemNotice problem={problem}>
          {problem?.code === "email-taken" && (
            <Link to="/login" search={{ redirect }} className="underline underline-offset-4">
              Sign in instead
            </Link>
          )}
        </ProblemNotice>
        <Button type="submit" size="large" pending={register.isPending}>
          Make an account
        </Button>
      </form>
    </AuthLayout>
  );
}
