import { describe, expect, it } from "vitest";
import { addressLines } from "./address";

const address = {
  name: "Anna Berg",
  line1: "Lindenweg 4",
  line2: null,
  postal_code: "10115",
  city: "Berlin",
  region: null,
  country: "DE",
};

describe("an address on a parcel", () => {
  it("has no empty lines, and names the country", () => {
    expect(addressLines(address)).toEqual(["Anna Berg", "Lindenweg 4", "10115 Berlin", "Germany"]);
  });

  it("keeps what is no known country as it is", () => {
    expect(addressLines({ ...address, country: "?" }).at(-1)).toBe("?");
  });
});
