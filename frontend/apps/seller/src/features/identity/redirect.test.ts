import { describe, expect, it } from "vitest";
import { safeRedirect } from "./redirect";

describe("where to go after signing in", () => {
  it("is the page that asked for it, with its filters", () => {
    expect(safeRedirect("/products?status=draft")).toBe("/products?status=draft");
  });

  it("is the same page whether or not the address names the app", () => {
    expect(safeRedirect("/seller/orders")).toBe("/orders");
    expect(safeRedirect("/seller")).toBe("/");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil",
    "/seller//evil.example",
    "/login",
    "",
  ])("is never %j", (target) => expect(safeRedirect(target)).toBeUndefined());
});
