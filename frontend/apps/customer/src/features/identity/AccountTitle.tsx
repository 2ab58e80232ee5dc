/** The heading of the account's pages. */
import type { ReactNode } from "react";

export function AccountTitle({ children }: { children: ReactNode }) {
  return <h1 className="font-display text-title break-words">{children}</h1>;
}
