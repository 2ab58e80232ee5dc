/** A webhook's secret, shown this once. */
import { CopyButton, Notice } from "@carat/ui";
import { type ReactNode, useEffect, useRef } from "react";

export function Secret({ secret, children }: { secret: string; children?: ReactNode }) {
  // What led here is gone: the keyboard, and who listens, go on at what has come of it.
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => shown.current?.focus({ preventScroll: true }), []);
  return (
    <div
      ref={shown}
      tabIndex={-1}
      role="group"
      aria-label="Secret"
      className="flex flex-col gap-4 outline-none"
    >
      <Notice tone="warning" title="This secret is shown only now">
        <p>
          By it you know that a message is ours. Keep it where your system finds it; if it is lost, make
          another one.
        </p>
      </Notice>
      <p className="flex flex-wrap items-center gap-3">
        <code className="rounded-sm border border-line bg-tile px-3 py-2 text-sm break-all select-all">
          {secret}
        </code>
        <CopyButton text={secret} what="secret" />
      </p>
      {children}
    </div>
  );
}
