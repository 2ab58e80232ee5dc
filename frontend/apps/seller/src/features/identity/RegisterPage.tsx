/** Opening a shop. The seller is signed in at once; the e-mail address is verified on the next page. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, controlClass, Field, Input, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { AuthLayout } from "./AuthLayout";
import { PasswordRules } from "./PasswordRules";
import { registerSchema } from "./schemas";
import { useRegister } from "./use-sign-in";

const route = getRouteApi("/register");
const fields = ["shop_name", "name", "email", "password"] as const;

export function RegisterPage() {
  const { redirect } = route.useSearch();
  const navigate = useNavigate();
  const register = useRegister();
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(registerSchema),
    defaultValues: { shop_name: "", name: "", email: "", password: "" },
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit((values) => {
    setProblem(undefined);
    register.mutate(
      { ...values, role: "seller" },
      {
        onSuccess: () => navigate({ to: "/verify", search: { redirect }, replace: true }),
        onError: (error) => setProblem(showAtFields(form, toProblem(error), [...fields])),
      },
    );
  });

  return (
    <AuthLayout
      title="Open your shop"
      lead={
        <>
          Selling already?{" "}
          <Link to="/login" search={{ redirect }} className="text-ink underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Input
          label="Shop name"
          hint="Customers see it beside each of your pieces."
          autoComplete="organization"
          error={errors.shop_name?.message}
          {...form.register("shop_name")}
        />
        <Input
          label="Your name"
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
        <div className="flex flex-col gap-2">
          <Field label="Password" error={errors.password?.message}>
            {(control) => (
              <input
                type="password"
                autoComplete="new-password"
                {...form.register("password")}
                {...control}
                aria-describedby={[control["aria-describedby"], "password-rules"].filter(Boolean).join(" ")}
                className={controlClass}
              />
            )}
          </Field>
          <PasswordRules id="password-rules" password={form.watch("password")} />
        </div>
        <ProblemNotice problem={problem}>
          {problem?.code === "email-taken" && (
            <Link to="/login" search={{ redirect }} className="underline underline-offset-4">
              Sign in instead
            </Link>
          )}
        </ProblemNotice>
        <Button type="submit" pending={register.isPending}>
          Open the shop
        </Button>
      </form>
    </AuthLayout>
  );
}
