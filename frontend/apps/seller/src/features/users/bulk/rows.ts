/** What somebody pasted or uploaded, as people to register: which column is which, and what is wrong with each row. */
import type { RegisterRequest } from "@carat/api-client";
import { passwordRules } from "@carat/identity";
import { parseCsv, writeCsv } from "../../../app/csv";

export const mostRows = 1000;
export const columns = ["email", "name", "role", "shop_name", "password"] as const;
export type Column = (typeof columns)[number];

export interface Row extends Record<Column, string> {
  /** Where it stands among the people, from 1. */
  number: number;
  /** What keeps it from being registered, a sentence each. */
  faults: string[];
}

export interface Table {
  rows: Row[];
  /** Columns that nobody knows, which are left out. */
  unknown: string[];
  /** Columns that must be there, and aren't. */
  missing: Column[];
}

const names: Record<string, Column> = {
  email: "email",
  "e-mail": "email",
  mail: "email",
  "e-mail address": "email",
  "email address": "email",
  name: "name",
  "full name": "name",
  role: "role",
  shop: "shop_name",
  shop_name: "shop_name",
  "shop name": "shop_name",
  password: "password",
};

/** The column that tells what was wrong with a row; read again, it is old news. */
const told = "problem";

/** Without a line of names above, the columns come in the order of `columns`. */
export function readTable(text: string): Table {
  const [first, ...others] = parseCsv(text);
  if (!first) return { rows: [], unknown: [], missing: [] };
  const headed = first.some((cell) => nameOf(cell) === "email");
  const order = headed ? first.map(nameOf) : [...columns];
  const unknown = headed ? first.filter((cell) => cell.trim() && !nameOf(cell) && cell !== told) : [];
  const missing = (["email", "password"] as const).filter((column) => !order.includes(column));
  const rows = (headed ? others : [first, ...others]).map((cells, at) => readRow(cells, order, at + 1));
  markRepeated(rows);
  return { rows, unknown, missing };
}

function nameOf(cell: string): Column | undefined {
  return names[cell.trim().toLowerCase()];
}

function readRow(cells: string[], order: (Column | undefined)[], number: number): Row {
  const cell = (column: Column) => cells[order.indexOf(column)] ?? "";
  const row = {
    number,
    email: cell("email").trim(),
    name: cell("name").trim(),
    role: cell("role").trim().toLowerCase() || "customer",
    shop_name: cell("shop_name").trim(),
    password: cell("password"),
  };
  return { ...row, faults: faultsOf(row) };
}

function faultsOf({ email, name, role, shop_name, password }: Record<Column, string>): string[] {
  const broken = passwordRules.filter(({ holds }) => !holds(password)).map(({ text }) => text);
  return [
    ...(email === "" ? ["The e-mail address is missing."] : []),
    ...(email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
      ? [`“${email}” is not an e-mail address.`]
      : []),
    ...(name.length > 100 ? ["The name is longer than 100 characters."] : []),
    ...(role !== "customer" && role !== "seller"
      ? [`The role “${role}” is neither customer nor seller.`]
      : []),
    ...(role === "seller" && shop_name === "" ? ["A seller needs a shop name."] : []),
    ...(shop_name.length > 100 ? ["The shop name is longer than 100 characters."] : []),
    ...(password === "" ? ["The password is missing."] : []),
    ...(password !== "" && broken.length > 0 ? [`The password lacks: ${broken.join(", ")}.`] : []),
  ];
}

function markRepeated(rows: Row[]) {
  const seen = new Map<string, number>();
  for (const { email, number, faults } of rows) {
    const address = email.toLowerCase();
    const before = seen.get(address);
    if (before !== undefined) faults.push(`Row ${before} has the same address.`);
    else if (address) seen.set(address, number);
  }
}

export function toBulkUser({ email, name, role, shop_name, password }: Row): RegisterRequest {
  return {
    email,
    password,
    role: role === "seller" ? "seller" : "customer",
    ...(name && { name }),
    ...(shop_name && { shop_name }),
  };
}

/** Rows as they came, each with what was wrong: to be mended in a spreadsheet, and read here again. */
export function writeTable(rows: { row: Row; faults: string[] }[]): string {
  const lines = rows.map(({ row, faults }) => [...columns.map((column) => row[column]), faults.join(" ")]);
  return writeCsv([[...columns, told], ...lines]);
}

export const template = writeCsv([
  [...columns],
  ["anna@example.com", "Anna Example", "customer", "", "Choose-a-good-1"],
  ["ben@example.com", "Ben Example", "seller", "Atelier Ben", "Choose-a-good-2"],
]);
