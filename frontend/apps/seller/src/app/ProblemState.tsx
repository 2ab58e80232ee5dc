/** A list or page that could not be loaded: what the server said, the request id to quote, and another try. */
import { toProblem } from "@carat/api-client";
import { ErrorState } from "@carat/ui";
import { NotFoundPage } from "./NotFoundPage";

interface Props {
  error: unknown;
  onRetry: () => void;
  /** What was asked for, where it may not exist. */
  what?: string;
}

export function ProblemState({ error, onRetry, what }: Props) {
  const problem = toProblem(error);
  if (what && problem.status === 404) return <NotFoundPage what={what} />;
  return <ErrorState message={problem.message} requestId={problem.requestId} onRetry={onRetry} />;
}
