import { describe, expect, it } from "vitest";
import { readTable, template, toBulkUser, writeTable } from "./rows";

const good = "Carat-demo-1";

describe("a pasted table of people", () => {
  it("is read by the names above its columns, in any order", () => {
    const { rows, unknown, missing } = readTable(
      `Password;E-Mail;Shop name;Role;Town\n${good};Ada@example.com;Atelier Ada;SELLER;Nantes`,
    );
    expect(rows).toEqual([
      {
        number: 1,
        email: "Ada@example.com",
        name: "",
        role: "seller",
        shop_name: "Atelier Ada",
        password: good,
        faults: [],
      },
    ]);
    expect(unknown).toEqual(["Town"]);
    expect(missing).toEqual([]);
  });

  it("is read in the usual order where no names stand above", () => {
    const [row] = readTable(`ada@example.com,Ada,,,${good}`).rows;
    expect(row).toMatchObject({ email: "ada@example.com", name: "Ada", role: "customer", faults: [] });
  });

  it("must have addresses and passwords", () => {
    expect(readTable("email,name\nada@example.com,Ada").missing).toEqual(["password"]);
    expect(readTable("").missing).toEqual([]);
  });

  it("keeps the spaces of a password", () => {
    expect(readTable(`email,password\na@b.example,"  Aa1! x  "`).rows[0]?.password).toBe("  Aa1! x  ");
  });

  it("tells everything that is wrong with a row", () => {
    const faults = (line: string) => readTable(`email,name,role,shop_name,password\n${line}`).rows[0]?.faults;
    expect(faults(",,king,,")).toEqual([
      "The e-mail address is missing.",
      "The role “king” is neither customer nor seller.",
      "The password is missing.",
    ]);
    expect(faults(`ada,Ada,seller,,${good}`)).toEqual([
      "“ada” is not an e-mail address.",
      "A seller needs a shop name.",
    ]);
    expect(faults(`a@b.example,${"x".repeat(101)},,,carat`)).toEqual([
      "The name is longer than 100 characters.",
      "The password lacks: 8 to 128 characters, an upper-case letter, a digit, a special character.",
    ]);
  });

  it("has each address once, whatever its case", () => {
    const { rows } = readTable(`a@b.example,,,,${good}\nc@b.example,,,,${good}\nA@B.example,,,,${good}`);
    expect(rows.map(({ faults }) => faults)).toEqual([[], [], ["Row 1 has the same address."]]);
  });
});

describe("people to register", () => {
  it("are sent with what they have, and nothing empty", () => {
    const [row] = readTable(`ada@example.com,,,,${good}`).rows;
    expect(row && toBulkUser(row)).toEqual({ email: "ada@example.com", role: "customer", password: good });
  });

  it("come back with what was wrong, to be mended and read again", () => {
    const { rows } = readTable(`ada@example.com,"Ada, Countess",seller,Atelier,"=a,""Aa1"`);
    const file = writeTable(rows.map((row) => ({ row, faults: ["The address is taken."] })));
    expect(file).toContain("The address is taken.");
    const again = readTable(file);
    expect(again.rows).toEqual(rows);
    expect(again.unknown).toEqual([]);
  });

  it("have an example that is right", () => {
    expect(readTable(template).rows.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
