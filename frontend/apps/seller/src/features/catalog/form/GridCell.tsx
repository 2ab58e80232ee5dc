/** A field of the grid. Its column's head is its label on wide screens; on narrow ones it carries a small label of its own. */
import clsx from "clsx";
import { useId } from "react";

interface Props {
  /** The column. */
  name: string;
  /** The column and the row. */
  label: string;
  column: string;
  value: string;
  fault?: string;
  placeholder?: string;
  numeric?: "decimal" | "numeric";
  onChange: (text: string) => void;
}

export function GridCell({ name, label, column, value, fault, placeholder, numeric, onChange }: Props) {
  const id = useId();
  return (
    <>
      <span aria-hidden="true" className="mb-0.5 block text-[0.8125rem] text-muted md:hidden">
        {name}
      </span>
      <input
        aria-label={label}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? id : undefined}
        data-column={column}
        inputMode={numeric}
        autoComplete="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        className={clsx(
          "block min-h-11 w-full min-w-0 rounded-sm border border-edge bg-surface px-2.5 py-1 text-base placeholder:text-muted hover:border-ink focus-visible:outline-offset-0 aria-invalid:border-danger md:min-h-10 md:text-[0.9375rem]",
          numeric && "md:text-right",
        )}
      />
      {fault && (
        <p id={id} className="mt-1 text-[0.8125rem] leading-4 text-danger">
          {fault}
        </p>
      )}
    </>
  );
}
