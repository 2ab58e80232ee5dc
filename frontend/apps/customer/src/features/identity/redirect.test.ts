import { describe, expect, it } from "vitest";
import { safeRedirect } from "./redirect";

describe("the way back after signing in", () => {
  it("leads to a page of this shop, with its query", () => {
    expect(safeRedirect("/checkout")).toBe("/checkout");
    expect(safeRedirect("/products?q=ring#search")).toBe("/products?q=ring#search");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "",
    undefined,
  ])("never leads to %j", (target) => {
    expect(safeRedirect(target)).toBeUndefined();
  });
});
