/** A password that is chosen: it can be looked at, and tells all its rules while it is typed. */
import { PasswordInput } from "@carat/ui";
import { type ComponentProps, useId } from "react";
import { PasswordRules } from "./PasswordRules";

/** `typed` is what stands in the field now. */
export function NewPasswordField({
  typed,
  ...field
}: { typed: string } & Omit<ComponentProps<typeof PasswordInput>, "autoComplete">) {
  const rules = useId();
  return (
    <div className="flex flex-col gap-2.5">
      <PasswordInput {...field} autoComplete="new-password" aria-describedby={rules} />
      <PasswordRules id={rules} password={typed} />
    </div>
  );
}
