/** What the cards are worth, how many, how long they are good, and for whom. */
import {
  fieldErrors,
  type GiftCardBatch,
  type NewGiftCard,
  type Problem,
  toProblem,
} from "@carat/api-client";
import { wasCancelled } from "@carat/identity";
import { Button, currencyDigits, daysAgo, Input, Money, ProblemNotice, Select, Textarea } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { currencies } from "../../catalog/form/model";
import { useIssue, useOrderBatch } from "../queries";
import {
  batchOf,
  emptyForm,
  type IssueForm,
  isBatch,
  issueSchema,
  mostInBatch,
  requestOf,
  serverNames,
  totalOf,
} from "./form";

interface Props {
  /** The shop's own. */
  currency: string;
  onIssued: (cards: NewGiftCard[]) => void;
  onOrdered: (batch: GiftCardBatch) => void;
}

export function IssueFormView({ currency: own, onIssued, onOrdered }: Props) {
  const issue = useIssue();
  const order = useOrderBatch();
  const [problem, setProblem] = useState<Problem>();
  const form = useForm<IssueForm>({
    resolver: standardSchemaResolver(issueSchema),
    defaultValues: emptyForm(own),
  });
  const { errors } = form.formState;
  const values = { ...emptyForm(own), ...useWatch({ control: form.control }) };
  const total = totalOf(values);
  const batch = isBatch(values);
  const many = total !== undefined && Number(values.quantity) > 1;

  const refuse = (error: unknown) => {
    if (wasCancelled(error)) return;
    const refused = toProblem(error);
    const atFields = Object.entries(fieldErrors(refused));
    const known = atFields.filter(([name]) => serverNames[name]);
    for (const [name, message] of known)
      form.setError(serverNames[name] as keyof IssueForm, { type: "server", message });
    if (known.length === 0 || known.length < atFields.length) setProblem(refused);
  };
  const submit = form.handleSubmit((filled) => {
    setProblem(undefined);
    if (isBatch(filled)) order.mutate(batchOf(filled), { onSuccess: onOrdered, onError: refuse });
    else issue.mutate(requestOf(filled), { onSuccess: ({ data }) => onIssued(data), onError: refuse });
  });

  return (
    <form
      onSubmit={submit}
      noValidate
      className="flex max-w-2xl flex-col gap-5 rounded-md border border-line bg-surface p-4 sm:p-6"
    >
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_9rem_9rem]">
        <Input
          label="Value of each"
          inputMode="decimal"
          autoComplete="off"
          placeholder={(0).toFixed(currencyDigits(values.currency))}
          error={errors.value?.message}
          {...form.register("value")}
        />
        <Select label="Currency" error={errors.currency?.message} {...form.register("currency")}>
          {(currencies.includes(own) ? currencies : [own, ...currencies]).map((code) => (
            <option key={code}>{code}</option>
          ))}
        </Select>
        <Input
          label="How many"
          inputMode="numeric"
          autoComplete="off"
          hint={`Up to ${mostInBatch.toLocaleString()}`}
          error={errors.quantity?.message}
          {...form.register("quantity")}
        />
      </div>
      <Input
        label="Good until the end of"
        optional
        type="date"
        min={daysAgo(0)}
        hint="Without a day, they have no end."
        className="sm:max-w-64"
        error={errors.day?.message}
        {...form.register("day")}
      />
      {batch ? (
        <Input
          label="Note"
          optional
          autoComplete="off"
          hint="What they are for. Only administrators see it."
          error={errors.note?.message}
          {...form.register("note")}
        />
      ) : (
        <Input
          label="Recipient's e-mail"
          optional
          type="email"
          autoComplete="off"
          hint={
            values.recipient
              ? "They get the code by mail. You see it here, too."
              : "Without it, you hand out the codes yourself."
          }
          error={errors.recipient?.message}
          {...form.register("recipient")}
        />
      )}
      {!batch && values.recipient.trim() !== "" && (
        <fieldset className="flex flex-col gap-5 border-l-2 border-line pl-4">
          <legend className="sr-only">The mail</legend>
          <div className="grid gap-5 sm:grid-cols-2">
            <Input
              label="For"
              optional
              autoComplete="off"
              error={errors.to?.message}
              {...form.register("to")}
            />
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
            min={daysAgo(0)}
            hint="Without a day, at once."
            className="sm:max-w-64"
            error={errors.deliverOn?.message}
            {...form.register("deliverOn")}
          />
        </fieldset>
      )}
      {batch && (
        <p className="text-[0.9375rem] text-muted">
          So many are issued in the background. You download their codes as one file, once, when they are all
          there.
        </p>
      )}
      <ProblemNotice problem={problem} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button type="submit" pending={issue.isPending || order.isPending}>
          {many ? `Issue ${values.quantity} gift cards` : "Issue the gift card"}
        </Button>
        <p role="status" className="text-[0.9375rem] text-muted">
          {total && (
            <>
              The shop then owes <Money value={total} className="font-medium text-ink" />
              {many && " in all"}.
            </>
          )}
        </p>
      </div>
    </form>
  );
}
