import { describe, expect, it } from "vitest";
import { asText, parseCsv, writeCsv } from "./csv";

describe("reading comma-separated values", () => {
  it("takes cells apart, and leaves out lines without anything", () => {
    expect(parseCsv("a,b\r\n\r\nc,d\n,\n")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("keeps separators, quotes and line breaks inside quotes", () => {
    expect(parseCsv('"Ring, ""gold""","two\nlines",x')).toEqual([['Ring, "gold"', "two\nlines", "x"]]);
  });

  it("sees in the first line which separator is used", () => {
    expect(parseCsv("a;b;c\n1,5;2;3")).toEqual([
      ["a", "b", "c"],
      ["1,5", "2", "3"],
    ]);
    expect(parseCsv("a\tb\n1\t2")).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
  });

  it("does not mind the mark that spreadsheets put before the first cell", () => {
    expect(parseCsv("\uFEFFemail,name")).toEqual([["email", "name"]]);
  });

  it("keeps a quote in the middle of a cell", () => {
    expect(parseCsv('a"b,c')).toEqual([['a"b', "c"]]);
  });

  it("finds nothing in an empty text", () => {
    expect(parseCsv("  \n")).toEqual([]);
  });
});

describe("writing comma-separated values", () => {
  it("comes back the same when it is read", () => {
    const rows = [
      ["plain", 'with "quotes"', "with, comma"],
      ["two\nlines", " spaces ", ""],
    ];
    expect(parseCsv(writeCsv(rows))).toEqual(rows);
  });

  it("never lets a stranger's text become a formula", () => {
    expect(["=1+1", "@sum", "-2", "+3", "safe"].map(asText)).toEqual([
      "'=1+1",
      "'@sum",
      "'-2",
      "'+3",
      "safe",
    ]);
  });
});
