/** A password, hidden until its owner wants to see what they type. */
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { controlClass, Field, type FieldProps } from "./Field";

export function PasswordInput({
  label,
  hint,
  error,
  optional,
  className,
  id,
  "aria-describedby": describedBy,
  ...rest
}: FieldProps & Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field {...{ label, hint, error, optional, className, id }}>
      {(control) => (
        <div className="relative">
          <input
            {...rest}
            {...control}
            aria-describedby={
              [control["aria-describedby"], describedBy].filter(Boolean).join(" ") || undefined
            }
            type={shown ? "text" : "password"}
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            className={`${controlClass} pr-12`}
          />
          <button
            type="button"
            aria-label="Show password"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-sm text-muted transition-colors hover:text-ink"
          >
            <Icon aria-hidden="true" size={18} strokeWidth={1.5} />
          </button>
        </div>
      )}
    </Field>
  );
}
