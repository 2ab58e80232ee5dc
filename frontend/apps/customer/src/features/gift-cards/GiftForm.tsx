/** For whom a gift card is: the address, the words and the day of the mail. */
import type { Gift } from "@carat/api-client";
import { Button, Input, Textarea } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useForm } from "react-hook-form";
import { emptyGift, type GiftForm as Fields, giftOf, giftSchema, inAYear, today } from "./gift";

export function GiftForm({ onAdd }: { onAdd: (gift: Gift) => void }) {
  const form = useForm<Fields>({ resolver: standardSchemaResolver(giftSchema), defaultValues: emptyGift });
  const { errors } = form.formState;
  const submit = form.handleSubmit((filled) => {
    onAdd(giftOf(filled));
    form.reset();
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Input
        label="Recipient's e-mail"
        type="email"
        autoComplete="off"
        hint="They get the card there, with a page to print."
        error={errors.email?.message}
        {...form.register("email")}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Input label="For" optional autoComplete="off" error={errors.to?.message} {...form.register("to")} />
        <Input
          label="From"
          optional
          autoComplete="off"
          error={errors.from?.message}
          {...form.register("from")}
        />
      </div>
      <Textarea
        label="Message"
        optional
        rows={3}
        error={errors.message?.message}
        {...form.register("message")}
      />
      <Input
        label="Comes on"
        optional
        type="date"
        min={today()}
        max={inAYear()}
        hint="Without a day, once it is paid."
        error={errors.day?.message}
        {...form.register("day")}
      />
      <Button type="submit" size="large">
        Add to cart
      </Button>
    </form>
  );
}
