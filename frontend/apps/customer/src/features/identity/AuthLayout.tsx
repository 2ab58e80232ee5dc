/** The frame of the pages about signing in. */
import type { ReactNode } from "react";

export function AuthLayout({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="shell max-w-lg pt-12 sm:pt-20">
      <h1 className="font-display text-title">{title}</h1>
      {lead && <p className="mt-3 text-muted">{lead}</p>}
      <div className="mt-8">{children}</div>
    </div>
  );
}
