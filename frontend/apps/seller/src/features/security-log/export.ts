/** The events that the page shows, as a file for a spreadsheet. */
import { asText, writeCsv } from "../../app/csv";
import { sentenceText } from "./sentences";
import type { NamedEvent } from "./use-named-events";

const columns = ["at", "kind", "what", "email", "user_id", "actor_id", "address", "device", "details"];

export function eventsAsCsv(events: NamedEvent[]): string {
  const rows = events.map((event) => {
    const { at, kind, email, user_id, actor_id, address, device, details } = event;
    const facts = Object.keys(details).length > 0 ? JSON.stringify(details) : "";
    return [at, kind, sentenceText(event), email, user_id, actor_id, address, device, facts].map((cell) =>
      asText(cell ?? ""),
    );
  });
  return writeCsv([columns, ...rows]);
}
