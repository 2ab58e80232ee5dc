/** People to register, or registered, a row each with what is said about it; on a narrow screen as cards. Passwords stay covered. */
import { Button } from "@carat/ui";
import { type ReactNode, useState } from "react";
import { roles } from "../list-search";
import { roleNames } from "../words";
import type { Row } from "./rows";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "md:px-3 md:py-2 align-top";
const atFirst = 50;

interface Props {
  caption: string;
  lines: { row: Row; note: ReactNode }[];
}

export function PeopleTable({ caption, lines }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, atFirst);
  return (
    <>
      <table className="w-full text-[0.9375rem] max-md:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line max-md:hidden">
          <tr>
            <th scope="col" className={`${head} w-14 pl-0`}>
              Row
            </th>
            <th scope="col" className={head}>
              Person
            </th>
            <th scope="col" className={`${head} w-48`}>
              Role
            </th>
            <th scope="col" className={`${head} w-2/5`}>
              Result
            </th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {shown.map(({ row, note }) => (
            <PersonRow key={row.number} row={row} note={note} />
          ))}
        </tbody>
      </table>
      {shown.length < lines.length && (
        <div className="flex flex-wrap items-center gap-4 py-4 text-sm text-muted">
          {shown.length} of {lines.length} rows
          <Button variant="secondary" onClick={() => setAll(true)}>
            Show all rows
          </Button>
        </div>
      )}
    </>
  );
}

function PersonRow({ row: { number, email, name, role, shop_name }, note }: Props["lines"][number]) {
  const known = roles.find((each) => each === role);
  return (
    <tr className="border-b border-line max-md:grid max-md:grid-cols-[2.5rem_minmax(0,1fr)] max-md:py-2.5">
      <td className={`${cell} text-muted md:pl-0`}>
        <span className="sr-only">Row </span>
        {number}
      </td>
      <td className={`${cell} min-w-0`}>
        <span className="block break-all">{email || <span className="text-muted">No address</span>}</span>
        {name && <span className="block text-[0.8125rem] break-words text-muted">{name}</span>}
      </td>
      <td className={`${cell} max-md:col-start-2 max-md:text-[0.8125rem]`}>
        {known ? roleNames[known] : role}
        {shop_name && <span className="text-muted"> · {shop_name}</span>}
      </td>
      <td className={`${cell} max-md:col-start-2`}>{note}</td>
    </tr>
  );
}

export function Faults({ faults }: { faults: string[] }) {
  return (
    <ul className="text-danger">
      {faults.map((fault) => (
        <li key={fault}>{fault}</li>
      ))}
    </ul>
  );
}
