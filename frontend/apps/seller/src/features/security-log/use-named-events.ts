/** Events with the addresses of the people in them, who are asked for where the log only knows their ids. */
import type { SecurityEvent } from "@carat/api-client";
import { useQueries } from "@tanstack/react-query";
import { userQuery } from "../users/queries";

export interface NamedEvent extends SecurityEvent {
  /** Of whoever did it. */
  actor_email: string | null;
}

export function useNamedEvents(events: SecurityEvent[]): NamedEvent[] {
  const ids = peopleToAsk(events);
  const found = useQueries({ queries: ids.map(userQuery) });
  const emails = new Map(found.flatMap(({ data }) => (data ? [[data.id, data.email] as const] : [])));
  return events.map((event) => ({
    ...event,
    email: emailOf(emails, event.user_id) ?? event.email,
    actor_email: emailOf(emails, event.actor_id),
  }));
}

/** Everybody once, whose whole address does not stand in an event already: one that was typed is masked. */
export function peopleToAsk(events: Pick<SecurityEvent, "user_id" | "actor_id" | "email">[]): string[] {
  const ids = events.flatMap(({ user_id, actor_id, email }) => [isWhole(email) ? null : user_id, actor_id]);
  return [...new Set(ids.filter((id) => id !== null))];
}

function isWhole(email: string | null): boolean {
  return email !== null && !email.includes("…");
}

function emailOf(emails: Map<string, string>, id: string | null): string | null {
  return (id && emails.get(id)) ?? null;
}
