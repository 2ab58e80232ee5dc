import { expect, it } from "vitest";
import { parseCsv } from "../../app/csv";
import { eventsAsCsv } from "./export";
import type { NamedEvent } from "./use-named-events";

it("exports what is shown, a line an event, and nothing that a spreadsheet would run", () => {
  const event: NamedEvent = {
    id: "1",
    at: "2026-11-21T10:00:00Z",
    kind: "login_failed",
    user_id: null,
    actor_id: null,
    actor_email: null,
    email: "a…@example.com",
    address: "203.0.113.7",
    device: '=HYPERLINK("http://evil.example")',
    details: { client: "browser, mobile" },
  };
  const [head, line, ...more] = parseCsv(eventsAsCsv([event]));
  expect(head).toHaveLength(9);
  expect(line).toEqual([
    "2026-11-21T10:00:00Z",
    "login_failed",
    "A sign-in as a…@example.com failed",
    "a…@example.com",
    "",
    "",
    "203.0.113.7",
    '\'=HYPERLINK("http://evil.example")',
    '{"client":"browser, mobile"}',
  ]);
  expect(more).toEqual([]);
});
