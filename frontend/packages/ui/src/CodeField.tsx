/**
 * A six-digit code in one input: it takes a paste with spaces or words around the digits, a password manager's or the phone's
 * suggestion, and says when the code is complete.
 */
import type { ComponentProps } from "react";
import { Field, type FieldProps } from "./Field";

export const codeLength = 6;

/** The first six digits of a text. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "").slice(0, codeLength);
}

interface Props extends FieldProps, Omit<ComponentProps<"input">, "value" | "onChange" | "id" | "className"> {
  value: string;
  onChange: (digits: string) => void;
  onComplete?: (digits: string) => void;
}

export function CodeField({ label, hint, error, className, value, onChange, onComplete, ...rest }: Props) {
  const take = (text: string) => {
    const digits = digitsOf(text);
    onChange(digits);
    if (digits.length === codeLength && digits !== value) onComplete?.(digits);
  };
  return (
    <Field {...{ label, hint, error, className }}>
      {(control) => (
        <input
          {...rest}
          {...control}
          value={value}
          onChange={(event) => take(event.target.value)}
          onPaste={(event) => {
            event.preventDefault();
            take(event.clipboardData.getData("text"));
          }}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="••••••"
          className="block w-full max-w-72 rounded-sm border border-edge bg-surface px-4 py-3 text-center text-3xl tracking-[0.35em] tabular-nums transition-colors placeholder:text-line hover:border-ink focus-visible:outline-offset-0 aria-invalid:border-danger"
        />
      )}
    </Field>
  );
}
