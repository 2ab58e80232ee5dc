import type { Category } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { inOrder, withBelow } from "./places";
import { contents } from "./RemoveDialog";

const category = (id: string, parent_id: string | null = null): Category => ({
  id,
  name: id,
  slug: id,
  parent_id,
  former_slugs: [],
});
const shop = [category("bands", "rings"), category("rings", "all"), category("all"), category("pins")];

describe("the tree", () => {
  it("is shown from the top, each below its own", () => {
    const shown = inOrder(shop).map(({ place, depth }) => [place.id, depth]);
    expect(shown).toEqual([
      ["all", 0],
      ["rings", 1],
      ["bands", 2],
      ["pins", 0],
    ]);
  });

  it("offers no place below itself", () => {
    expect([...withBelow(shop, "rings")]).toEqual(["rings", "bands"]);
  });
});

describe("what is in a category that can't be deleted", () => {
  it("is counted", () => {
    expect(contents({ extras: { products: 1, categories: 0 } })).toBe("1 piece is");
    expect(contents({ extras: { products: 2, categories: 1 } })).toBe("2 pieces and 1 category are");
    expect(contents({ extras: {} })).toBeUndefined();
  });
});
