import { expect, it } from "vitest";
import { daysOf } from "./days";

const at = (...parts: [number, number, number, number]) => ({ at: new Date(...parts).toISOString() });

it("puts events under the days on which they happened, and keeps their order", () => {
  const [late, early, before] = [at(2026, 10, 21, 23), at(2026, 10, 21, 0), at(2026, 10, 20, 23)];
  expect(daysOf([late, early, before])).toEqual([
    { day: late.at, events: [late, early] },
    { day: before.at, events: [before] },
  ]);
  expect(daysOf([])).toEqual([]);
});
