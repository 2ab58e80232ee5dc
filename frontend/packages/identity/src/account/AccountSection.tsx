/** One subject of the account: what it is about on the left, what can be done on the right. */
import { Skeleton } from "@carat/ui";
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}

export function AccountSection({ title, about, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-10 gap-y-5 border-t border-line py-8 xl:grid-cols-[16rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="font-display text-heading">
          {title}
        </h2>
        {about && <div className="mt-2 max-w-[60ch] text-[0.9375rem] text-muted">{about}</div>}
      </div>
      <div className="flex min-w-0 max-w-2xl flex-col items-start gap-5">{children}</div>
    </section>
  );
}

/** Stands where a list will be. */
export function RowsSkeleton({ what }: { what: string }) {
  return (
    <div role="status" aria-label={`Loading ${what}`} className="appear-late flex w-full flex-col gap-3">
      <Skeleton className="h-14 w-full" />
      <Skeleton className="h-14 w-full" />
    </div>
  );
}
