import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { passwordFault, registerSchema } from "./schemas";

describe("a new password", () => {
  it("is told every rule that it breaks at once", () => {
    expect(passwordFault("abc")).toBe(
      "Still missing: 8 characters, an upper-case letter, a digit, a special character.",
    );
  });

  it("passes when it keeps them all", () => {
    expect(passwordFault("Password1!")).toBeUndefined();
  });

  it("counts characters as people do", () => {
    expect(passwordFault("Aa1!💍💍💍💍")).toBeUndefined();
  });
});

describe("registration", () => {
  it("trims name and address", () => {
    const input = { name: " Anna ", email: " anna@example.com ", password: "Password1!" };
    expect(v.parse(registerSchema, input)).toMatchObject({ name: "Anna", email: "anna@example.com" });
  });
});
