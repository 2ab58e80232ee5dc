/** A quiet block in the final size of what is still on its way. */
import clsx from "clsx";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={clsx("block animate-pulse rounded-sm bg-tile", className)} />;
}
