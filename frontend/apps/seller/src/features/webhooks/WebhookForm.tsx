/** Where messages go, and which. The same form makes a webhook and changes one. */
import { fieldErrors, type Problem, toProblem, type Webhook, type WebhookEvent } from "@carat/api-client";
import { wasCancelled } from "@carat/identity";
import { Button, Input, ProblemNotice } from "@carat/ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { useUser } from "../identity/session";
import { eventGroups } from "./words";

export interface WebhookWish {
  url: string;
  description: string | null;
  events: WebhookEvent[];
}

interface Props {
  webhook?: Webhook;
  label: string;
  onSubmit: (wish: WebhookWish) => Promise<unknown>;
  children?: ReactNode;
}

export function WebhookForm({ webhook, label, onSubmit, children }: Props) {
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [events, setEvents] = useState<WebhookEvent[]>(webhook?.events ?? ["order.paid"]);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem>();
  const [pending, setPending] = useState(false);
  const { role } = useUser();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing = {
      ...(!url.trim() && { url: "Enter the address." }),
      ...(events.length === 0 && { events: "Choose at least one event." }),
    };
    setErrors(missing);
    setProblem(undefined);
    if (Object.keys(missing).length > 0) return;
    setPending(true);
    try {
      await onSubmit({ url: url.trim(), description: description.trim() || null, events });
    } catch (error) {
      if (wasCancelled(error)) return;
      const refused = toProblem(error);
      const atFields = fieldErrors(refused);
      setErrors(atFields);
      const known = ["url", "description", "events"];
      if (!Object.keys(atFields).some((name) => known.includes(name))) setProblem(refused);
    } finally {
      setPending(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Input
        label="Address"
        type="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://hooks.example.com/carat"
        hint="It must begin with https:// and be on the internet."
        value={url}
        error={errors.url}
        onChange={({ target }) => setUrl(target.value)}
      />
      <Input
        label="What you call it"
        optional
        maxLength={200}
        value={description}
        error={errors.description}
        onChange={({ target }) => setDescription(target.value)}
      />
      <fieldset aria-describedby={errors.events ? "events-error" : undefined}>
        <legend className="text-sm font-medium">Events</legend>
        <div className="mt-2 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {Object.entries(eventGroups(role)).map(([group, kinds]) => (
            <div key={group}>
              <p className="text-[0.8125rem] text-muted">{group}</p>
              {kinds.map(([kind, words]) => (
                <label key={kind} className="flex min-h-11 items-center gap-3 py-1">
                  <input
                    type="checkbox"
                    className="size-5 shrink-0 accent-accent"
                    checked={events.includes(kind)}
                    onChange={({ target }) =>
                      setEvents((before) =>
                        target.checked ? [...before, kind] : before.filter((other) => other !== kind),
                      )
                    }
                  />
                  <span className="min-w-0 leading-5">
                    {words}
                    <code className="block text-[0.8125rem] text-muted">{kind}</code>
                  </span>
                </label>
              ))}
            </div>
          ))}
        </div>
        {errors.events && (
          <p id="events-error" className="mt-1 text-sm text-danger">
            {errors.events}
          </p>
        )}
      </fieldset>
      <ProblemNotice problem={problem} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" pending={pending}>
          {label}
        </Button>
        {children}
      </div>
    </form>
  );
}
