import { describe, expect, it } from "vitest";
import { commandsFor } from "./commands";

const names = (text: string) => commandsFor("seller", text, {}).map(({ name }) => name);

describe("the palette", () => {
  it("offers everything before anything is typed", () => {
    expect(names("")).toContain("New product");
  });

  it("finds a place by the start of any of its words, in any order", () => {
    expect(names("prod new")).toEqual(["New product"]);
    expect(names("dash")).toEqual(["Today"]);
  });

  it("puts a name that begins so before other names of a place", () => {
    expect(names("o")[0]).toBe("Orders");
  });

  it("finds nothing in the middle of a word", () => {
    expect(names("rders")).toEqual([]);
  });

  it("puts products after the places, and says which are not on sale", () => {
    const found = commandsFor("seller", "or", {
      products: [{ id: "p1", title: "Orbit ring", status: "draft" }],
    });
    expect(found.at(-1)).toEqual({ name: "Orbit ring", to: "/products/p1", note: "Product, draft" });
  });

  it("leads administrators to their own places, and to users", () => {
    expect(commandsFor("admin", "prod", {}).map(({ name }) => name)).toEqual(["Gift cards on sale"]);
    const users = [
      { id: "u1", name: "Sela", email: "sela@example.com" },
      { id: "u2", name: null, email: "second@example.com" },
    ];
    expect(commandsFor("admin", "sel", { users }).map(({ name, note }) => [name, note])).toEqual([
      ["Sellers", "List"],
      ["Sela", "sela@example.com"],
      ["second@example.com", "User"],
    ]);
  });
});
