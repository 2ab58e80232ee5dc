/** Which movements are listed: of one kind, and between two days. */
import { Button, beginningOf, daysAgo, Input, Select } from "@carat/ui";
import { useEffect, useState } from "react";
import { useUser } from "../identity/session";
import type { MovementSearch } from "./list-search";
import { kindOptions } from "./sentences";

interface Props {
  search: MovementSearch;
  onChange: (search: MovementSearch) => void;
}

export function MovementFilter({ search, onChange }: Props) {
  const { role } = useUser();
  const filtered = Object.keys(search).length > 0;
  return (
    <div className="grid grid-cols-2 items-end max-[24rem]:grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-[minmax(0,1fr)_auto_auto_auto]">
      <Select
        label="What happened"
        className="max-sm:col-span-full"
        value={search.kind ?? ""}
        onChange={(event) => onChange({ ...search, kind: event.target.value || undefined })}
      >
        <option value="">Everything</option>
        {kindOptions(role).map(([kind, name]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </Select>
      <DayInput label="From" day={search.from} onChange={(from) => onChange({ ...search, from })} />
      <DayInput label="To" day={search.to} onChange={(to) => onChange({ ...search, to })} />
      {filtered && (
        <Button variant="quiet" className="max-sm:col-span-full" onClick={() => onChange({})}>
          Show everything
        </Button>
      )}
    </div>
  );
}

interface DayProps {
  label: string;
  day: string | undefined;
  onChange: (day: string | undefined) => void;
}

function DayInput({ label, day, onChange }: DayProps) {
  const [typed, setTyped] = useState(day ?? "");
  useEffect(() => setTyped(day ?? ""), [day]);
  const type = (text: string) => {
    setTyped(text);
    // While a year is typed, the field speaks of the year 2.
    if (text === "" || beginningOf(text)) onChange(text || undefined);
  };
  return (
    <Input
      label={label}
      type="date"
      max={daysAgo(0)}
      value={typed}
      className="min-w-0"
      onChange={(event) => type(event.target.value)}
    />
  );
}
