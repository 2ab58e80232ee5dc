/**
 * Form fields: a label above, the control, and below it a hint or what is wrong. Input, Select and Textarea take every attribute of
 * the native element, so that a form library's `register` spreads straight into them.
 */
import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  /** Say "optional" beside the label. */
  optional?: boolean;
  className?: string;
}

interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export const controlClass =
  "block w-full min-h-11 rounded-sm border border-edge bg-surface px-3 py-2 text-base text-ink " +
  "placeholder:text-muted transition-colors hover:border-ink aria-invalid:border-danger disabled:opacity-60 " +
  "focus-visible:outline-offset-0";

export function Field({
  label,
  hint,
  error,
  optional,
  className,
  id: ownId,
  children,
}: FieldProps & { id?: string; children: (control: ControlProps) => ReactNode }) {
  const madeId = useId();
  const id = ownId ?? madeId;
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={clsx("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      {children({
        id,
        "aria-describedby": note ? noteId : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {note && (
        <p id={noteId} className={clsx("text-sm", error ? "text-danger" : "text-muted")}>
          {note}
        </p>
      )}
    </div>
  );
}

export function Input({
  label,
  hint,
  error,
  optional,
  className,
  id,
  ...rest
}: FieldProps & ComponentProps<"input">) {
  return (
    <Field {...{ label, hint, error, optional, className, id }}>
      {(control) => <input {...rest} {...control} className={controlClass} />}
    </Field>
  );
}

export function Textarea({
  label,
  hint,
  error,
  optional,
  className,
  id,
  ...rest
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Field {...{ label, hint, error, optional, className, id }}>
      {(control) => <textarea rows={4} {...rest} {...control} className={controlClass} />}
    </Field>
  );
}

export function Select({
  label,
  hint,
  error,
  optional,
  className,
  id,
  children,
  ...rest
}: FieldProps & ComponentProps<"select">) {
  return (
    <Field {...{ label, hint, error, optional, className, id }}>
      {(control) => (
        <select {...rest} {...control} className={controlClass}>
          {children}
        </select>
      )}
    </Field>
  );
}
