/** Making an account, a customer's or a seller's, which has a shop. It is signed in at once. */
import { type Problem, showAtFields, toProblem, type User } from "@carat/api-client";
import { Button, Input, ProblemNotice } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { NewPasswordField } from "./NewPasswordField";
import { customerSchema, sellerSchema } from "./schemas";
import { register } from "./sign-in";

interface Props {
  kind: "customer" | "seller";
  submitLabel: string;
  onRegistered: (user: User) => void;
  /** What an address that has an account is offered: the way to sign in. */
  signInInstead: ReactNode;
  size?: "medium" | "large";
}

export function RegisterForm({ kind, submitLabel, onRegistered, signInInstead, size }: Props) {
  const sells = kind === "seller";
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(sells ? sellerSchema : customerSchema),
    defaultValues: { shop_name: "", name: "", email: "", password: "" },
  });
  const { errors } = form.formState;
  const registration = useMutation({
    mutationFn: register,
    onMutate: () => setProblem(undefined),
    onSuccess: (outcome) => "user" in outcome && onRegistered(outcome.user),
    onError: (error) =>
      setProblem(showAtFields(form, toProblem(error), ["shop_name", "name", "email", "password"])),
  });
  const submit = form.handleSubmit(({ shop_name, name, ...rest }) =>
    registration.mutate({ ...rest, role: kind, ...(name && { name }), ...(sells && { shop_name }) }),
  );

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {sells && (
        <Input
          label="Shop name"
          hint="Customers see it beside each of your pieces."
          autoComplete="organization"
          error={errors.shop_name?.message}
          {...form.register("shop_name")}
        />
      )}
      <Input
        label={sells ? "Your name" : "Name"}
        optional={!sells}
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
      <NewPasswordField
        label="Password"
        typed={form.watch("password")}
        error={errors.password?.message}
        {...form.register("password")}
      />
      <ProblemNotice problem={problem}>{problem?.code === "email-taken" && signInInstead}</ProblemNotice>
      <Button type="submit" size={size} pending={registration.isPending}>
        {submitLabel}
      </Button>
    </form>
  );
}
