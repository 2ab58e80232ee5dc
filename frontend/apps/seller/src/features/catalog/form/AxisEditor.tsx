/** One option of a product: its name, and its values as chips. Enter or a comma adds a value, a pasted list adds all of it. */
import { controlClass, Field } from "@carat/ui";
import { Trash2, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { Axis } from "./variants";

interface Props {
  axis: Axis;
  number: number;
  onChange: (axis: Axis) => void;
  onRemove: () => void;
}

export function AxisEditor({ axis, number, onChange, onRemove }: Props) {
  const [typed, setTyped] = useState("");
  const { name, values } = axis;

  const add = (text: string) => {
    const found = text.split(/[,;\n\t]/).map((value) => value.trim());
    const fresh = [...new Set(found)].filter((value) => value && !values.includes(value));
    setTyped("");
    if (fresh.length > 0) onChange({ ...axis, values: [...values, ...fresh] });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      onChange({ ...axis, values: values.slice(0, -1) });
    }
  };

  return (
    <div className="grid items-start gap-3 rounded-sm bg-tile/50 p-3 sm:grid-cols-[11rem_minmax(0,1fr)_auto]">
      <Field label={`Option ${number}`}>
        {(control) => (
          <>
            <input
              {...control}
              list="option-names"
              placeholder="Ring size"
              value={name}
              onChange={(event) => onChange({ ...axis, name: event.target.value })}
              className={controlClass}
            />
            <datalist id="option-names">
              {["Ring size", "Metal", "Length", "Stone", "Engraving"].map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={`Values of ${name.trim() || `option ${number}`}`}>
        {(control) => (
          <div className="flex min-h-11 flex-wrap items-center gap-1.5 rounded-sm border border-edge bg-surface p-1.5 focus-within:border-accent">
            {values.map((value) => (
              <span
                key={value}
                className="flex items-center rounded-sm bg-accent-soft pl-2 text-sm text-accent"
              >
                {value}
                <button
                  type="button"
                  aria-label={`Take out ${value}`}
                  onClick={() => onChange({ ...axis, values: values.filter((each) => each !== value) })}
                  className="grid size-7 place-items-center pointer-coarse:size-11"
                >
                  <X aria-hidden="true" size={14} />
                </button>
              </span>
            ))}
            <input
              {...control}
              placeholder={values.length === 0 ? "50, 52, 54" : "Add a value"}
              value={typed}
              onChange={(event) => {
                const text = event.target.value;
                if (/[,;\n\t]/.test(text)) add(text);
                else setTyped(text);
              }}
              onKeyDown={onKeyDown}
              onBlur={() => add(typed)}
              className="min-h-7 min-w-24 flex-1 bg-transparent px-1.5 text-base placeholder:text-muted"
            />
          </div>
        )}
      </Field>
      <button
        type="button"
        aria-label={`Remove option ${name.trim() || number}`}
        onClick={onRemove}
        className="grid size-11 place-items-center rounded-sm text-muted hover:bg-tile hover:text-danger max-sm:-mt-1 max-sm:justify-self-end sm:mt-6.5"
      >
        <Trash2 aria-hidden="true" size={17} />
      </button>
    </div>
  );
}
