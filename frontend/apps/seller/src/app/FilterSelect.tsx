/** One of a list's filters, beside its search: a select whose first choice is to leave it open. */
import { useId } from "react";

type Options<Value extends string> = (readonly [value: Value, name: string])[];

interface Props<Value extends string> {
  label: string;
  /** What the open filter shows. */
  all: string;
  value: Value | undefined;
  options: Options<Value> | Record<string, Options<Value>>;
  onChange: (value: Value | undefined) => void;
}

export function FilterSelect<Value extends string>({ label, all, value, options, onChange }: Props<Value>) {
  const id = useId();
  const list = (some: Options<Value>) =>
    some.map(([each, name]) => (
      <option key={each} value={each}>
        {name}
      </option>
    ));
  return (
    <div className="min-w-0 max-sm:flex-1">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChange((event.target.value || undefined) as Value | undefined)}
        className="block min-h-11 w-full rounded-sm border border-edge bg-surface px-2.5 py-1.5 text-base hover:border-ink focus-visible:outline-offset-0 sm:text-[0.9375rem] lg:min-h-10"
      >
        <option value="">{all}</option>
        {Array.isArray(options)
          ? list(options)
          : Object.entries(options).map(([group, some]) => (
              <optgroup key={group} label={group}>
                {list(some)}
              </optgroup>
            ))}
      </select>
    </div>
  );
}
