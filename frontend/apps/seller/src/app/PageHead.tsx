/** The head of a page: its title, a line about it, and what one can do here. */
import type { ReactNode } from "react";
import { usePageTitle } from "./page-title";

interface Props {
  title: string;
  /** Beside the title, such as a status. */
  aside?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

export function PageHead({ title, aside, actions, children }: Props) {
  usePageTitle(title);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="font-display text-[1.75rem] leading-tight break-words">{title}</h1>
          {aside}
        </div>
        {children && <div className="mt-1 text-[0.9375rem] text-muted">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
