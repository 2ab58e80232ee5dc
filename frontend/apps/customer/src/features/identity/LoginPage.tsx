/** Signing in; afterwards one is where one was. */
import { showAtFields, toProblem } from "@carat/api-client";
import { Button, Input, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { loginSchema } from "./schemas";
import { useGoBackTo, useSignIn } from "./use-sign-in";

const route = getRouteApi("/login");

export function LoginPage() {
  const { redirect } = route.useSearch();
  return <LoginForm redirect={redirect} />;
}

export function LoginForm({ redirect }: { redirect: string | undefined }) {
  usePageTitle("Sign in");
  const goBack = useGoBackTo(redirect);
  const signIn = useSignIn();
  const form = useForm({
    resolver: standardSchemaResolver(loginSchema),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) =>
    signIn.mutate(values, {
      onSuccess: goBack,
      onError: (error) => void showAtFields(form, toProblem(error), ["email", "password"]),
    }),
  );

  return (
    <AuthLayout
      title="Sign in"
      lead={
        <>
          New here?{" "}
          <Link to="/register" search={{ redirect }} className="text-ink underline underline-offset-4">
            Make an account
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
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
          autoComplete="current-password"
          error={errors.password?.message}
          {...form.register("password")}
        />
        <ProblemNotice problem={signIn.error ? toProblem(signIn.error) : undefined} />
        <Button type="submit" size="large" pending={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </AuthLayout>
  );
}
