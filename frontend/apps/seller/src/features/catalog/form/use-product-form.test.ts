import { Problem, type Product } from "@carat/api-client";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft } from "./draft";
import { fromProduct } from "./model";
import { ring } from "./test-product";
import { useProductForm } from "./use-product-form";

const draftName = "carat.seller.draft.u1.p1";
const start = fromProduct(ring);

function open(send: () => Promise<Product> = async () => ring) {
  const onSaved = vi.fn();
  const shown = renderHook(({ product }) => useProductForm({ start, draftName, product, send, onSaved }), {
    initialProps: { product: ring },
  });
  return { ...shown, form: () => shown.result.current, onSaved };
}

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("the product form", () => {
  it("keeps what is typed at once, and forgets it when it is taken back", () => {
    const { form } = open();
    act(() => form().change({ title: "Typed" }));
    expect(readDraft(draftName)?.values.title).toBe("Typed");
    act(() => form().change({ title: ring.title }));
    expect(readDraft(draftName)).toBeUndefined();
  });

  it("offers the draft when the form is opened again, and keeps it until it is answered", () => {
    const first = open();
    act(() => first.form().change({ title: "Typed" }));
    first.unmount();
    const { form } = open();
    expect(form().values.title).toBe(ring.title);
    expect(readDraft(draftName)?.values.title).toBe("Typed");
    act(() => form().takeDraft());
    expect(form().values.title).toBe("Typed");
    expect(form().named).toEqual(["Title"]);
  });

  it("forgets a draft that the seller drops", () => {
    const first = open();
    act(() => first.form().change({ title: "Typed" }));
    first.unmount();
    const { form } = open();
    act(() => form().dropDraft());
    expect(readDraft(draftName)).toBeUndefined();
  });

  it("asks the server nothing while a field is wrong", async () => {
    const send = vi.fn();
    const { form } = open(send);
    act(() => form().change({ title: " " }));
    await act(() => form().save());
    expect(send).not.toHaveBeenCalled();
    expect(form().faults.title).toBe("Give the piece a title.");
  });

  it("is clean after saving, in the server's spelling, and leaves no draft", async () => {
    const { form, onSaved } = open(async () => ({ ...ring, title: "Typed" }));
    act(() => form().change({ title: " Typed " }));
    await act(() => form().save());
    expect(form().values.title).toBe("Typed");
    expect(form().dirty).toBe(false);
    expect(readDraft(draftName)).toBeUndefined();
    expect(onSaved).toHaveBeenCalledOnce();
  });

  it("keeps what is typed while it saves", async () => {
    let answer: (product: Product) => void = () => {};
    const { form } = open(() => new Promise((resolve) => (answer = resolve)));
    act(() => form().change({ title: "Typed" }));
    let saving: Promise<void> | undefined;
    act(() => {
      saving = form().save();
    });
    await act(async () => {
      form().change({ price: "1" });
      answer({ ...ring, title: "Typed" });
      await saving;
    });
    expect(form().named).toEqual(["Price"]);
  });

  it("keeps everything and shows the fault when the server refuses", async () => {
    const refusal = new Problem({
      status: 422,
      code: "validation-failed",
      title: "No.",
      errors: [{ pointer: "/title", code: "taken", message: "Taken." }],
    });
    const { form } = open(() => Promise.reject(refusal));
    act(() => form().change({ title: "Typed" }));
    await act(() => form().save());
    expect(form().faults).toEqual({ title: "Taken." });
    expect(form().values.title).toBe("Typed");
    act(() => form().change({ title: "Other" }));
    expect(form().faults).toEqual({});
  });

  it("overwrites no sale: it says what there is now, and saving again means it", async () => {
    const send = vi.fn(async (_base: unknown, _values: unknown): Promise<Product> => {
      throw new Problem({
        status: 409,
        code: "stock-changed",
        title: "The stock has changed",
        extras: { variants: [{ id: "v50", stock: 1 }] },
      });
    });
    const { form } = open(send as unknown as () => Promise<Product>);
    const typed = form().values.rows.map((row) => (row.id === "v50" ? { ...row, stock: "9" } : row));
    act(() => form().change({ rows: typed }));
    await act(() => form().save());
    expect(form().faults['row:["50"]:stock']).toBe("Meanwhile there are 1. Save again if 9 is right.");
    await act(() => form().save());
    const seen = send.mock.calls.map(([base]) => (base as typeof start).rows[0]?.stock);
    expect(seen).toEqual(["2", "1"]);
    expect(form().values.rows[0]?.stock).toBe("9");
  });

  it("follows a sale that happens meanwhile", () => {
    const { form, rerender } = open();
    act(() => form().change({ title: "Typed" }));
    const variants = ring.variants.map((variant) => ({ ...variant, stock: 1 }));
    rerender({ product: { ...ring, variants } });
    expect(form().values.rows.map(({ stock }) => stock)).toEqual(["1", "1"]);
    expect(form().named).toEqual(["Title"]);
  });
});
