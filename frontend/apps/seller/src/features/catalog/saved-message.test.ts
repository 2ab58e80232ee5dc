import { describe, expect, it } from "vitest";
import { savedMessage } from "./saved-message";

describe("what is said after saving", () => {
  it("offers to see a piece that is on sale in the shop", () => {
    expect(savedMessage({ slug: "aurore", status: "active" }, "Saved").action?.label).toBe(
      "See it in the shop",
    );
  });

  it("says that nobody else sees a draft", () => {
    expect(savedMessage({ slug: "aurore", status: "draft" }, "Created")).toEqual({
      message: "Created. Only you see it.",
    });
  });
});
