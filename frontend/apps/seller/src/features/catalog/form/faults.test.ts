import { Problem } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { placeFaults, validate } from "./faults";
import { emptyProduct, fromProduct } from "./model";
import { ring } from "./test-product";

const good = { ...fromProduct(ring) };
const refusal = (...errors: { pointer: string; message: string }[]) =>
  new Problem({
    status: 422,
    code: "validation-failed",
    title: "Some fields need your attention.",
    errors: errors.map((error) => ({ code: "invalid", ...error })),
  });

describe("what is wrong before the server is asked", () => {
  it("finds nothing wrong with a product as the server sent it", () => {
    expect(validate(good)).toEqual({});
  });

  it("finds everything at once", () => {
    expect(Object.keys(validate({ ...emptyProduct("EUR"), compareAt: "x" }))).toEqual([
      "title",
      "price",
      "compareAt",
    ]);
  });

  it("says that a currency has no decimals", () => {
    expect(validate({ ...good, currency: "JPY", price: "12.5" }).price).toBe(
      "Enter an amount such as 1250: JPY has no decimals.",
    );
  });

  it("wants the compare-at price above the price", () => {
    expect(validate({ ...good, compareAt: "4890" }).compareAt).toContain("higher");
  });

  it("finds two variants with one SKU, at the second", () => {
    const rows = good.rows.map((row) => ({ ...row, sku: "SAME" }));
    expect(validate({ ...good, rows })).toEqual({ 'row:["52"]:sku': "50 has this SKU." });
  });

  it("wants a whole number of pieces", () => {
    const rows = good.rows.map((row) => ({ ...row, stock: "1.5" }));
    expect(validate({ ...good, rows })['row:["50"]:stock']).toBe("Enter a whole number.");
  });
});

describe("placing the server's faults", () => {
  it("puts each at its field", () => {
    const problem = refusal(
      { pointer: "/title", message: "Too long." },
      { pointer: "/price/amount", message: "Too much." },
      { pointer: "/compare_at_price", message: "Too low." },
    );
    expect(placeFaults(problem, [], good)).toEqual({
      title: "Too long.",
      price: "Too much.",
      compareAt: "Too low.",
    });
  });

  it("makes a sentence of a message that is none", () => {
    expect(placeFaults(refusal({ pointer: "/title", message: "must not be empty" }), [], good)).toEqual({
      title: "Must not be empty.",
    });
  });

  it("finds a variant by its place in the request, not in the form", () => {
    const problem = refusal({ pointer: "/variants/0/sku", message: "Taken." });
    expect(placeFaults(problem, good.rows.slice(1), good)).toEqual({ 'row:["52"]:sku': "Taken." });
  });

  it("puts the stock of a simple product at its only row", () => {
    const only = { ...good, rows: good.rows.slice(0, 1) };
    expect(placeFaults(refusal({ pointer: "/stock", message: "No." }), [], only)).toEqual({
      'row:["50"]:stock': "No.",
    });
  });

  it("keeps both of two faults at one field, and shows what belongs to none", () => {
    const problem = refusal(
      { pointer: "/title", message: "One." },
      { pointer: "/title", message: "Two." },
      { pointer: "/elsewhere", message: "Three." },
    );
    expect(placeFaults(problem, [], good)).toEqual({ title: "One. Two.", form: "Three." });
  });

  it("shows a refusal without faults above the form", () => {
    expect(placeFaults(refusal(), [], good)).toEqual({ form: "Some fields need your attention." });
  });

  it("says of a stock that has moved how many there are now, at its variant", () => {
    const problem = new Problem({
      status: 409,
      code: "stock-changed",
      title: "The stock has changed",
      extras: { variants: [{ id: "v50", sku: "A-50", stock: 1 }] },
    });
    const typed = { ...good, rows: good.rows.map((row) => ({ ...row, stock: "9" })) };
    expect(placeFaults(problem, typed.rows, typed)).toEqual({
      'row:["50"]:stock': "Meanwhile there are 1. Save again if 9 is right.",
    });
  });

  it("puts an address that is taken at the address", () => {
    const problem = new Problem({ status: 409, code: "slug-taken", title: "The slug is taken" });
    expect(placeFaults(problem, [], good)).toEqual({ slug: "Another piece has this address, or had it." });
  });
});
