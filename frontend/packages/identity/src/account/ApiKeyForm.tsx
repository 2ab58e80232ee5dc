/** What a new key is for, what it may do, and for how long. */
import { type Problem, showAtFields, toProblem } from "@carat/api-client";
import { Button, Input, ProblemNotice, Select } from "@carat/ui";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as v from "valibot";
import { wasCancelled } from "../fresh-proof";
import { type ApiKeyScope, createApiKey } from "../operations";
import { requiredText } from "../schemas";
import { scopesFor } from "./scopes";

const lives: [days: string, text: string][] = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
  ["", "until it is revoked"],
];

const schema = v.object({
  name: requiredText("Give it a name, so that you know later what it is for."),
  scopes: v.pipe(v.array(v.string()), v.minLength(1, "Choose at least one thing that it may do.")),
  days: v.string(),
});

export function ApiKeyForm({ role, onMade }: { role: string; onMade: (key: string) => void }) {
  const [problem, setProblem] = useState<Problem>();
  const form = useForm({
    resolver: standardSchemaResolver(schema),
    defaultValues: { name: "", scopes: [] as string[], days: "90" },
  });
  const { errors } = form.formState;
  const create = useMutation({
    mutationFn: ({ name, scopes, days }: v.InferOutput<typeof schema>) =>
      createApiKey({
        name,
        scopes: scopes as ApiKeyScope[],
        ...(days && { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
      }),
    onMutate: () => setProblem(undefined),
    onSuccess: ({ key }) => onMade(key),
    onError: (error) => {
      if (!wasCancelled(error)) setProblem(showAtFields(form, toProblem(error), ["name", "scopes"]));
    },
  });
  return (
    <form
      onSubmit={form.handleSubmit((values) => create.mutate(values))}
      noValidate
      className="flex flex-col gap-5"
    >
      <Input
        label="Name"
        hint="What it is for, such as “bookkeeping”."
        autoComplete="off"
        error={errors.name?.message}
        {...form.register("name")}
      />
      <fieldset aria-describedby={errors.scopes ? "scopes-fault" : undefined}>
        <legend className="mb-1 text-sm font-medium">It may</legend>
        {scopesFor(role).map(({ scope, text }) => (
          <label key={scope} className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              value={scope}
              className="size-5 shrink-0 accent-accent"
              {...form.register("scopes")}
            />
            <span>
              {text} <code className="text-sm text-muted">{scope}</code>
            </span>
          </label>
        ))}
        {errors.scopes && (
          <p id="scopes-fault" role="alert" className="text-sm text-danger">
            {errors.scopes.message}
          </p>
        )}
      </fieldset>
      <Select label="It is good" {...form.register("days")}>
        {lives.map(([days, text]) => (
          <option key={days} value={days}>
            {days ? `for ${text}` : text}
          </option>
        ))}
      </Select>
      <ProblemNotice problem={problem} />
      <Button type="submit" className="self-start" pending={create.isPending}>
        Make the key
      </Button>
    </form>
  );
}
