/** A part of the form, under its own heading. */
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  note?: ReactNode;
  children: ReactNode;
}

export function Section({ title, note, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-md border border-line bg-surface px-4 py-4 sm:px-5">
      <h2 id={id} className="text-[0.9375rem] font-semibold">
        {title}
      </h2>
      {note && <p className="mt-0.5 text-sm text-muted">{note}</p>}
      <div className="mt-4 flex flex-col gap-4">{children}</div>
    </section>
  );
}
