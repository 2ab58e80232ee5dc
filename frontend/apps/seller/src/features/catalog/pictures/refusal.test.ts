import { describe, expect, it } from "vitest";
import { refusal } from "./refusal";

const megabyte = 1024 * 1024;

describe("a file", () => {
  it("is sent if it may be a picture", () => {
    expect(refusal({ size: 12 * megabyte, type: "image/jpeg" })).toBeUndefined();
    expect(refusal({ size: 1, type: "" })).toBeUndefined();
  });

  it("is not sent in vain", () => {
    expect(refusal({ size: 1, type: "image/svg+xml" })).toMatch(/JPEG, PNG and WebP/);
    expect(refusal({ size: 12 * megabyte + 1, type: "image/png" })).toMatch(/13 MB/);
    expect(refusal({ size: 0, type: "image/png" })).toMatch(/empty/);
  });
});
