/** The rules for a new password, ticked off while it is typed. */
import clsx from "clsx";
import { Check, Dot } from "lucide-react";
import { passwordRules } from "./password-rules";

export function PasswordRules({ password, id }: { password: string; id: string }) {
  return (
    <ul id={id} aria-label="Rules for the password" className="grid gap-x-4 gap-y-0.5 text-sm sm:grid-cols-2">
      {passwordRules.map(({ text, holds }) => {
        const done = holds(password);
        const Mark = done ? Check : Dot;
        return (
          <li key={text} className={clsx("flex items-center gap-1.5", done ? "text-success" : "text-muted")}>
            <Mark aria-hidden="true" size={16} />
            {text}
            <span className="sr-only">{done ? ", done" : ", missing"}</span>
          </li>
        );
      })}
    </ul>
  );
}
