/** What a query has loaded; until then its place, or what went wrong and the way to try again. */
import { toProblem } from "@carat/api-client";
import { Button, ProblemNotice } from "@carat/ui";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { RowsSkeleton } from "./AccountSection";

interface Props<Data> {
  query: UseQueryResult<Data>;
  /** What is loaded, in the middle of a sentence. */
  what: string;
  children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ query, what, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <RowsSkeleton what={what} />;
  return (
    <ProblemNotice problem={toProblem(query.error)}>
      <Button variant="secondary" className="mt-3" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </ProblemNotice>
  );
}
