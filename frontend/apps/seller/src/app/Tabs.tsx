/** A list's filter as a row of links, so that each has its own address. */
import type { ReactNode } from "react";

export const tabClass =
  "inline-flex min-h-11 shrink-0 items-center border-b-2 border-transparent px-3 text-[0.9375rem] text-muted transition-colors hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink lg:min-h-10";

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="-mx-4 flex overflow-x-auto border-b border-line px-1 sm:mx-0 sm:px-0">
      {children}
    </nav>
  );
}
