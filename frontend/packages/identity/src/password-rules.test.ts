import { describe, expect, it } from "vitest";
import { passwordRules } from "./password-rules";

const broken = (password: string) =>
  passwordRules.filter(({ holds }) => !holds(password)).map(({ text }) => text);

describe("the password's rules", () => {
  it("all hold for a good password", () => {
    expect(broken("Diamond-4-ever")).toEqual([]);
  });

  it("are told one by one", () => {
    expect(broken("")).toHaveLength(5);
    expect(broken("diamond4!")).toEqual(["an upper-case letter"]);
    expect(broken("Diamond4ever")).toEqual(["a special character"]);
  });

  it("count letters of every alphabet as letters", () => {
    expect(broken("Ünïcødé4")).toEqual(["a special character"]);
  });

  it("end at 128 characters", () => {
    expect(broken(`Aa1!${"x".repeat(125)}`)).toEqual(["8 to 128 characters"]);
  });
});
