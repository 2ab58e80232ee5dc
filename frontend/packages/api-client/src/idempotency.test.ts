import { beforeEach, describe, expect, it } from "vitest";
import { forgetIdempotencyKey, keptIdempotencyKey } from "./idempotency";

describe("a kept idempotency key", () => {
  beforeEach(() => sessionStorage.clear());

  it("stays the same while the same request is sent again, also after a reload", () => {
    const first = keptIdempotencyKey("checkout", { email: "a@b.c" });
    expect(keptIdempotencyKey("checkout", { email: "a@b.c" })).toBe(first);
  });

  it("changes when the request changes", () => {
    const first = keptIdempotencyKey("checkout", { email: "a@b.c" });
    expect(keptIdempotencyKey("checkout", { email: "x@y.z" })).not.toBe(first);
  });

  it("changes once the server has answered for good", () => {
    const first = keptIdempotencyKey("checkout", { email: "a@b.c" });
    forgetIdempotencyKey("checkout");
    expect(keptIdempotencyKey("checkout", { email: "a@b.c" })).not.toBe(first);
  });
});
