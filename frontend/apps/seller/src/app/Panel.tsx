/** A part of the overview, with a way to all of it. */
import { toProblem } from "@carat/api-client";
import { Button, ProblemNotice } from "@carat/ui";
import type { ReactNode } from "react";

interface Props {
  title: string;
  id?: string;
  more?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, id, more, children }: Props) {
  return (
    <section
      id={id}
      aria-label={title}
      className="rounded-md border border-line bg-surface px-4 pt-2 pb-3 sm:px-5"
    >
      <div className="flex min-h-11 items-center justify-between gap-4">
        <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
        {more && (
          <span className="text-sm text-accent [&>a]:inline-flex [&>a]:min-h-11 [&>a]:items-center [&>a]:underline [&>a]:underline-offset-4">
            {more}
          </span>
        )}
      </div>
      {children}
    </section>
  );
}

export function PanelProblem({ query }: { query: { error: unknown; refetch: () => unknown } }) {
  return (
    <div className="my-2 flex flex-col items-start gap-3">
      <ProblemNotice problem={toProblem(query.error)} />
      <Button variant="secondary" onClick={() => query.refetch()}>
        Try again
      </Button>
    </div>
  );
}
