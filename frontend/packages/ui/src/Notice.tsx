/** A message within the page: something the visitor should know or do before going on. */
import clsx from "clsx";
import type { ReactNode } from "react";

const tones = {
  info: "bg-accent-soft border-accent/40",
  success: "bg-success-soft border-success/40",
  warning: "bg-warning-soft border-warning/40",
  danger: "bg-danger-soft border-danger/40",
};

interface Props {
  tone?: keyof typeof tones;
  title?: ReactNode;
  children?: ReactNode;
  className?: string;
}

export function Notice({ tone = "info", title, children, className }: Props) {
  return (
    <div
      role={tone === "danger" || tone === "warning" ? "alert" : "status"}
      className={clsx("rounded-md border px-4 py-3 text-[0.9375rem]", tones[tone], className)}
    >
      {title && <p className="font-medium">{title}</p>}
      {children}
    </div>
  );
}
