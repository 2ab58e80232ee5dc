import { describe, expect, it } from "vitest";
import { charactersOf, faultOf, grouped, isWhole, regrouped } from "./code";

const code = "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB";

describe("a gift card's code", () => {
  it.each([
    code,
    "8q2m 7kx2 4htn 0wzc 9d3e rvjb",
    "8q2m7kx24htnowzc9d3ervjb",
    ` ${code}\n`,
    code.replaceAll("-", "–"),
    `Dear Ada, your code is ${code}. Have fun, and don't lose it!`,
  ])("is found in %j", (typed) => {
    expect(grouped(charactersOf(typed))).toBe(code);
    expect(isWhole(charactersOf(typed))).toBe(true);
  });

  it("takes letters for the digits that they look like", () => {
    expect(charactersOf("o0iIlL1")).toBe("0011111");
  });

  it("has no more characters than it can have", () => {
    expect(charactersOf(`${code}-MORE`)).toHaveLength(24);
  });

  it("stands in groups of four, and ends with none", () => {
    expect(["", "8Q2", "8Q2M", "8Q2M7", "8Q2M7KX2"].map(grouped)).toEqual([
      "",
      "8Q2",
      "8Q2M",
      "8Q2M-7",
      "8Q2M-7KX2",
    ]);
  });
});

describe("a code that cannot be right", () => {
  it("is told from one that can, before anybody is asked", () => {
    expect(faultOf(charactersOf(code))).toBeUndefined();
    expect(faultOf("")).toBe("Enter the code of your gift card.");
    expect(faultOf(charactersOf(code).slice(1))).toBe("One character is missing.");
    expect(faultOf("8Q2M")).toBe("20 characters are missing. A code has six groups of four.");
    expect(faultOf("8Q2U")).toBe("Our codes never have the letter U. Is it a V?");
  });
});

describe("the caret", () => {
  const typed = (text: string, stepped = false) => {
    const edit = regrouped({ text: text.replace("|", ""), caret: text.indexOf("|") }, stepped);
    return `${edit.text.slice(0, edit.caret)}|${edit.text.slice(edit.caret)}`;
  };

  it("stays behind what was typed", () => {
    expect(typed("8q|")).toBe("8Q|");
    expect(typed("8Q2M7|")).toBe("8Q2M-7|");
    expect(typed("8Q2MX|-7KX2")).toBe("8Q2M-X|7KX-2");
    expect(typed("|8Q2M-7")).toBe("|8Q2M-7");
  });

  it("stays where something was taken out, also a dash", () => {
    expect(typed("8Q|M-7KX2")).toBe("8Q|M7-KX2");
    expect(typed("8Q2M|7KX2")).toBe("8Q2M|-7KX2");
    expect(typed("8Q2M|7KX2", true)).toBe("8Q2M-|7KX2");
  });

  it("is behind a code that was pasted with words around it", () => {
    expect(typed(`Your code: ${code}|`)).toBe(`${code}|`);
  });
});
