/** A list of things of the account: what each is, what is known of it, and what can be done with it. */
import type { ReactNode } from "react";

export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="w-full divide-y divide-line border-y border-line">
      {children}
    </ul>
  );
}

interface RowProps {
  icon?: ReactNode;
  title: ReactNode;
  facts?: ReactNode;
  actions?: ReactNode;
}

export function Row({ icon, title, facts, actions }: RowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      {icon && <span className="text-muted">{icon}</span>}
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 break-words">{title}</p>
        {facts && <p className="text-sm text-muted">{facts}</p>}
      </div>
      {actions && <div className="-mr-2 flex flex-wrap items-center">{actions}</div>}
    </li>
  );
}

/** A quiet action of a row. `about` completes its name for those who hear it without its row. */
export const rowAction =
  "inline-flex min-h-11 items-center rounded-sm px-2 text-[0.9375rem] underline decoration-1 underline-offset-4 hover:bg-tile aria-disabled:opacity-50";
