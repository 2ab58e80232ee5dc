import { describe, expect, it } from "vitest";
import { canonical } from "./canonical";

const rings = { slug: "finger-rings", former_slugs: ["rings", "bands"] };
const gold = { slug: "gold", former_slugs: [] };

describe("filters by slugs of before", () => {
  it("become those of now, each once", () => {
    expect(canonical({ category: ["bands", "rings", "pins"], material: ["gold"] }, [rings], [gold])).toEqual({
      category: ["finger-rings", "pins"],
      material: ["gold"],
    });
  });

  it("stay as they are when they are those of now, or unknown", () => {
    expect(
      canonical({ category: ["finger-rings"], material: ["moonlight"] }, [rings], [gold]),
    ).toBeUndefined();
    expect(canonical({ q: "ring" }, [rings], [gold])).toBeUndefined();
  });

  it("leave a slug alone that something has now, whoever had it before", () => {
    const taken = { slug: "bands", former_slugs: [] };
    expect(canonical({ category: ["bands"] }, [rings, taken], [])).toBeUndefined();
  });
});
