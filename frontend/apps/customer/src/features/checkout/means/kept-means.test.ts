import { beforeEach, describe, expect, it } from "vitest";
import { forgetMeans, keepMeans, readMeans } from "./kept-means";

beforeEach(() => sessionStorage.clear());

describe("what the customer means to pay with", () => {
  it("survives a reload, and is forgotten with the order", () => {
    keepMeans({ codes: ["A", "B"], useBalance: true });
    expect(readMeans()).toEqual({ codes: ["A", "B"], useBalance: true });
    forgetMeans();
    expect(readMeans()).toEqual({ codes: [], useBalance: false });
    expect(sessionStorage).toHaveLength(0);
  });

  it("is nothing where what was kept cannot be read", () => {
    sessionStorage.setItem("carat.checkout.means", "{");
    expect(readMeans()).toEqual({ codes: [], useBalance: false });
  });
});
