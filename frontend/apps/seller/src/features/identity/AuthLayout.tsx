/** The frame of the pages around signing in: the name of the house, and one quiet card. */
import { ThemeToggle, ToastRegion, Wordmark } from "@carat/ui";
import type { ReactNode } from "react";
import { usePageTitle } from "../../app/page-title";

interface Props {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

export function AuthLayout({ title, lead, children }: Props) {
  usePageTitle(title);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="shell flex items-center justify-between py-3">
        <a href="/" className="flex min-h-11 items-center gap-3" aria-label="Carat, to the shop">
          <Wordmark />
          <span className="text-sm text-muted">for sellers</span>
        </a>
        <ThemeToggle className="grid size-11 place-items-center rounded-sm hover:bg-tile" />
      </header>
      <main id="main" tabIndex={-1} className="grid flex-1 place-items-center px-4 py-8 sm:pb-24">
        <div className="w-full max-w-md rounded-md border border-line bg-surface px-5 py-7 sm:px-9 sm:py-9">
          <h1 className="font-display text-[1.75rem] leading-tight">{title}</h1>
          {lead && <p className="mt-2 text-[0.9375rem] text-muted">{lead}</p>}
          {children && <div className="mt-6">{children}</div>}
        </div>
      </main>
      <ToastRegion />
    </div>
  );
}
