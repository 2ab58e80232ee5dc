import { describe, expect, it } from "vitest";
import { safeRedirect } from "./redirect";

const away = [
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "/login",
  "/login/second-factor",
  "",
  undefined,
];

describe("the way back after signing in", () => {
  it("leads to a page of this shop, with its query", () => {
    expect(safeRedirect("/checkout")).toBe("/checkout");
    expect(safeRedirect("/products?q=ring#search")).toBe("/products?q=ring#search");
  });

  it("is the same page whether or not the address names the app's folder", () => {
    expect(safeRedirect("/seller/orders", "/seller")).toBe("/orders");
    expect(safeRedirect("/orders?status=paid", "/seller")).toBe("/orders?status=paid");
    expect(safeRedirect("/seller", "/seller")).toBe("/");
  });

  it.each([...away, "/seller//evil.example", "/seller/login"])("never leads to %j", (target) => {
    expect(safeRedirect(target, "/seller")).toBeUndefined();
  });

  it.each(away)("never leads from the storefront to %j", (target) => {
    expect(safeRedirect(target)).toBeUndefined();
  });
});
