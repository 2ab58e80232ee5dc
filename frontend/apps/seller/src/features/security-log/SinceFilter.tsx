/** From which day on events are shown: a day, or one of the usual ones. */
import { beginningOf, daysAgo } from "@carat/ui";
import { useEffect, useId, useState } from "react";

interface Props {
  since: string | undefined;
  onChange: (since: string | undefined) => void;
}

const usual: [name: string, days: number][] = [
  ["Today", 0],
  ["7 days", 7],
  ["30 days", 30],
];

export function SinceFilter({ since, onChange }: Props) {
  const id = useId();
  const [typed, setTyped] = useState(since ?? "");
  useEffect(() => setTyped(since ?? ""), [since]);

  const type = (day: string) => {
    setTyped(day);
    // While a year is typed, the field speaks of the year 2.
    if (day === "" || beginningOf(day)) onChange(day || undefined);
  };

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-sm text-muted">
          Since
        </label>
        <input
          id={id}
          type="date"
          value={typed}
          max={daysAgo(0)}
          onChange={(event) => type(event.target.value)}
          className="min-h-11 rounded-sm border border-edge bg-surface px-2.5 text-base hover:border-ink focus-visible:outline-offset-0 sm:text-[0.9375rem] lg:min-h-10"
        />
      </div>
      <fieldset className="flex max-sm:-ml-2.5">
        <legend className="sr-only">Usual days</legend>
        {usual.map(([name, days]) => (
          <button
            key={name}
            type="button"
            aria-pressed={since === daysAgo(days)}
            onClick={() => onChange(since === daysAgo(days) ? undefined : daysAgo(days))}
            className="min-h-11 rounded-sm px-2.5 text-sm text-muted hover:bg-tile hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent lg:min-h-10"
          >
            {name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
