import { describe, expect, it } from "vitest";
import { fromProduct } from "./model";
import { rebase } from "./rebase";
import { ring } from "./test-product";

const base = fromProduct(ring);
const sold = fromProduct({
  ...ring,
  variants: ring.variants.map((variant, at) => ({ ...variant, stock: at === 0 ? 1 : variant.stock })),
});

describe("a product that changes while it is edited", () => {
  it("follows the server where nobody typed", () => {
    expect(rebase(base, base, sold)).toEqual(sold);
  });

  it("keeps what was typed beside it", () => {
    const after = rebase(base, { ...base, title: "Typed" }, sold);
    expect(after).toEqual({ ...sold, title: "Typed" });
  });

  it("keeps a typed stock, and the server's stock of the other variant", () => {
    const rows = base.rows.map((row, at) => (at === 1 ? { ...row, stock: "8" } : row));
    expect(rebase(base, { ...base, rows }, sold).rows.map(({ stock }) => stock)).toEqual(["1", "8"]);
  });

  it("takes the server's spelling of what has just been saved", () => {
    const sent = { ...base, price: "4890" };
    expect(rebase(sent, sent, base).price).toBe("4890.00");
  });

  it("keeps the rows that were added and taken out, and the server's stock of the others", () => {
    const added = { key: '["54"]', values: ["54"], sku: "", price: "", stock: "1" };
    const rows = [...base.rows.slice(0, 1), added];
    expect(rebase(base, { ...base, rows }, sold).rows.map(({ values, stock }) => [values[0], stock])).toEqual(
      [
        ["50", "1"],
        ["54", "1"],
      ],
    );
  });
});
