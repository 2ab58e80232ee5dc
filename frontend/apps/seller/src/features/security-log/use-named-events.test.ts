import { expect, it } from "vitest";
import { peopleToAsk } from "./use-named-events";

it("asks once for everybody whose address the log does not have", () => {
  expect(
    peopleToAsk([
      { user_id: "u1", actor_id: null, email: null },
      { user_id: "u1", actor_id: "a1", email: null },
      { user_id: "u2", actor_id: "a1", email: "known@example.com" },
      { user_id: "u3", actor_id: null, email: "a…@example.com" },
      { user_id: null, actor_id: null, email: "b…@example.com" },
    ]),
  ).toEqual(["u1", "a1", "u3"]);
});
