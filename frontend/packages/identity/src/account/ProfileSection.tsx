/** How the owner of the account is called and reached. */
import { type Problem, showAtFields, toProblem, type User } from "@carat/api-client";
import { Button, Input, ProblemNotice, toast } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { changeProfile } from "../operations";
import { optionalText, requiredText } from "../schemas";
import { AccountSection } from "./AccountSection";

const fields = ["shop_name", "name", "phone", "avatar_url"] as const;
const picture = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (url) => url === "" || /^https:\/\/[^\s/]+/.test(url),
    "Enter an address that begins with https://.",
  ),
);
const phone = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (number) => number === "" || /^\+?[\d ()/.-]{4,40}$/.test(number),
    "Enter a number like +44 20 7946 0000.",
  ),
);
const schema = (sells: boolean) =>
  v.object({
    shop_name: sells ? requiredText("Give your shop a name.") : v.string(),
    name: optionalText,
    phone,
    avatar_url: picture,
  });

export function ProfileSection({ user, onChange }: { user: User; onChange: (user: User) => void }) {
  const sells = user.role === "seller";
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(schema(sells)),
    defaultValues: valuesOf(user),
  });
  const { errors, isDirty } = form.formState;
  const save = useMutation({
    mutationFn: ({ shop_name, name, phone, avatar_url }: ReturnType<typeof valuesOf>) =>
      changeProfile({
        name: name || null,
        phone: phone || null,
        avatar_url: avatar_url || null,
        ...(sells && { shop_name }),
      }),
    onMutate: () => setProblem(undefined),
    onSuccess: (changed) => {
      form.reset(valuesOf(changed));
      onChange(changed);
      toast({ message: "Saved." });
    },
    onError: (error) => setProblem(showAtFields(form, toProblem(error), [...fields])),
  });

  return (
    <AccountSection title="About you" about="Your name greets you, and goes onto new delivery addresses.">
      <form
        onSubmit={form.handleSubmit((values) => save.mutate(values))}
        noValidate
        className="flex w-full flex-col gap-5"
      >
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
          label="Name"
          optional
          autoComplete="name"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <Input
          label="Phone"
          optional
          type="tel"
          autoComplete="tel"
          hint="For the courier, should they need to ask for the way."
          error={errors.phone?.message}
          {...form.register("phone")}
        />
        <Input
          label="Picture"
          optional
          type="url"
          inputMode="url"
          autoComplete="photo"
          placeholder="https://"
          hint="The address of a picture of yours on the web."
          error={errors.avatar_url?.message}
          {...form.register("avatar_url")}
        />
        <ProblemNotice problem={problem} />
        <Button type="submit" className="self-start" pending={save.isPending} disabled={!isDirty}>
          Save
        </Button>
      </form>
    </AccountSection>
  );
}

function valuesOf({ shop_name, name, phone, avatar_url }: User) {
  return { shop_name: shop_name ?? "", name: name ?? "", phone: phone ?? "", avatar_url: avatar_url ?? "" };
}
