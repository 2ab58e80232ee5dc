import type { Cart, CartLine, Product, Variant } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { isSuperseded, pieceOf, withChanges } from "./changes";

const euros = (amount: number) => ({ amount, currency: "EUR" });

const line = (id: string, quantity: number, price: number): CartLine => ({
  id,
  product_id: "p",
  product_slug: "ring",
  variant_id: `v-${id}`,
  sku: "R",
  title: "Ring",
  options: {},
  image: null,
  seller: { id: "s", shop_name: "S" },
  quantity,
  unit_price: euros(price),
  total: euros(price * quantity),
  stock: 5,
  available: true,
  gift: null,
});

const cart = (...lines: CartLine[]): Cart => {
  const total = euros(lines.reduce((sum, { total }) => sum + total.amount, 0));
  return {
    id: "c",
    status: "open",
    order_id: null,
    currency: "EUR",
    lines,
    subtotal: total,
    total,
    created_at: "",
    updated_at: "",
  };
};

const variant: Variant = { id: "v-a", sku: "R", options: { Size: "52" }, price: euros(1000), stock: 5 };
const product = { id: "p", slug: "ring", title: "Ring", images: [], seller: { id: "s", shop_name: "S" } };
const add = { kind: "add", piece: pieceOf(product as unknown as Product, variant), quantity: 2 } as const;

describe("the cart while changes are under way", () => {
  it("shows the first piece before there is a cart at all", () => {
    const shown = withChanges(null, [add]);
    expect(shown?.lines).toMatchObject([{ title: "Ring", quantity: 2, options: { Size: "52" } }]);
    expect(shown?.total).toEqual(euros(2000));
  });

  it("raises the quantity of a piece that is there already", () => {
    const shown = withChanges(cart(line("a", 1, 1000)), [add]);
    expect(shown?.lines).toHaveLength(1);
    expect(shown?.lines[0]).toMatchObject({ id: "a", quantity: 3, total: euros(3000) });
  });

  it("adds up lines and total in step with every change", () => {
    const before = cart(line("a", 1, 1000), line("b", 2, 500));
    const shown = withChanges(before, [
      { kind: "set", lineId: "b", quantity: 4 },
      { kind: "remove", lineId: "a" },
    ]);
    expect(shown?.lines.map(({ id, quantity }) => [id, quantity])).toEqual([["b", 4]]);
    expect(shown?.total).toEqual(euros(2000));
  });

  it("says so when more is asked than there is", () => {
    const shown = withChanges(cart(line("a", 1, 1000)), [{ kind: "set", lineId: "a", quantity: 6 }]);
    expect(shown?.lines[0]?.available).toBe(false);
  });

  it("is the server's cart again when a change has failed", () => {
    const before = cart(line("a", 1, 1000));
    expect(withChanges(before, [])).toBe(before);
  });

  it("leaves the server's cart itself untouched", () => {
    const before = cart(line("a", 1, 1000));
    const copy = structuredClone(before);
    withChanges(before, [{ kind: "remove", lineId: "a" }]);
    expect(before).toEqual(copy);
  });

  it("is nothing where there is nothing", () => {
    expect(withChanges(null, [{ kind: "remove", lineId: "a" }])).toBeNull();
  });
});

describe("a change of quantity", () => {
  const set = (quantity: number) => ({ kind: "set", lineId: "a", quantity }) as const;

  it("need not be sent when another for the same line follows", () => {
    expect(isSuperseded(set(2), [set(3)])).toBe(true);
    expect(isSuperseded(set(2), [{ kind: "remove", lineId: "a" }])).toBe(true);
  });

  it("is sent when only other lines follow", () => {
    expect(isSuperseded(set(2), [{ kind: "set", lineId: "b", quantity: 1 }, add])).toBe(false);
  });
});
