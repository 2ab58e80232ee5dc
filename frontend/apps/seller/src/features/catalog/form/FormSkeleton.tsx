/** The form's place while its product is on the way. */
import { Skeleton } from "@carat/ui";

export function FormSkeleton({ withTitle = false }: { withTitle?: boolean }) {
  return (
    <div role="status" aria-label="Loading the product" className="appear-late">
      {withTitle && <Skeleton className="mb-8 h-9 w-72 max-w-full" />}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex flex-col gap-4">
          <Skeleton className="h-96" />
          <Skeleton className="h-36" />
          <Skeleton className="h-56" />
        </div>
        <Skeleton className="h-96" />
      </div>
    </div>
  );
}
