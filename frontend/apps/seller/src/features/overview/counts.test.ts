import { describe, expect, it } from "vitest";
import { countOrders, drafts, inFigures } from "./counts";

describe("the overview's figures", () => {
  it("count orders and products by their state", () => {
    expect(countOrders([{ status: "paid" }, { status: "expired" }, { status: "paid" }], "paid")).toBe(2);
    expect(drafts([{ status: "draft" }, { status: "active" }])).toHaveLength(1);
  });

  it("say when they have not seen the whole list", () => {
    expect(inFigures(12, false)).toBe("12");
    expect(inFigures(12, true)).toBe("12+");
  });
});
