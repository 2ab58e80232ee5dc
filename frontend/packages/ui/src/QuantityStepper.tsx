/** A quantity with a button on either side. It never leaves the range from 1 to `max`. */
import { Minus, Plus } from "lucide-react";

interface Props {
  value: number;
  max: number;
  onChange: (quantity: number) => void;
  /** What is counted, for those who cannot see it. */
  label: string;
  disabled?: boolean;
}

const button =
  "grid min-h-11 w-11 place-items-center text-ink transition-colors hover:bg-tile disabled:text-line disabled:hover:bg-transparent";

export function QuantityStepper({ value, max, onChange, label, disabled = false }: Props) {
  return (
    <div
      role="group"
      aria-label={`Quantity of ${label}`}
      className="inline-flex items-stretch rounded-sm border border-edge"
    >
      <button
        type="button"
        className={button}
        disabled={disabled || value <= 1}
        aria-label={`One fewer ${label}`}
        onClick={() => onChange(value - 1)}
      >
        <Minus aria-hidden="true" size={16} />
      </button>
      <output
        aria-live="polite"
        className="grid min-w-10 place-items-center text-[0.9375rem] font-medium tabular-nums"
      >
        {value}
      </output>
      <button
        type="button"
        className={button}
        disabled={disabled || value >= max}
        aria-label={`One more ${label}`}
        onClick={() => onChange(value + 1)}
      >
        <Plus aria-hidden="true" size={16} />
      </button>
    </div>
  );
}
