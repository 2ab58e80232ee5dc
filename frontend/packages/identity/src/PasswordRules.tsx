/** The rules for a new password, all of them at once, ticked off while it is typed; who hears the page is told what is missing. */
import clsx from "clsx";
import { Check, Dot } from "lucide-react";
import { passwordFault, passwordRules } from "./password-rules";

export function PasswordRules({ password, id }: { password: string; id: string }) {
  const kept = passwordRules.map(({ holds }) => holds(password));
  const count = kept.filter(Boolean).length;
  return (
    <div>
      <p id={id} className="sr-only">
        {passwordFault(password) ?? "All rules are kept."}
      </p>
      <div aria-hidden="true" className="mb-2 grid grid-cols-5 gap-1">
        {passwordRules.map(({ text }, place) => (
          <span
            key={text}
            className={clsx(
              "h-1 rounded-full transition-colors",
              place >= count ? "bg-line" : count === passwordRules.length ? "bg-success" : "bg-edge",
            )}
          />
        ))}
      </div>
      <ul aria-hidden="true" className="grid gap-x-4 gap-y-0.5 text-sm sm:grid-cols-2">
        {passwordRules.map(({ text }, place) => {
          const Mark = kept[place] ? Check : Dot;
          return (
            <li
              key={text}
              className={clsx("flex items-center gap-1.5", kept[place] ? "text-success" : "text-muted")}
            >
              <Mark aria-hidden="true" size={16} className="shrink-0" />
              {text}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
