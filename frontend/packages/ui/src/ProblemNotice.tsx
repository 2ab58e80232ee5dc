/** A refusal above or below a form: what happened, and the request id where asking the shop may help. */
import type { ReactNode } from "react";
import { Notice } from "./Notice";

/** What is told of a problem; the API client's `Problem` has it. */
interface Told {
  message: string;
  status: number;
  requestId?: string | undefined;
}

export function ProblemNotice({ problem, children }: { problem: Told | undefined; children?: ReactNode }) {
  if (!problem) return null;
  return (
    <Notice tone="danger">
      <p>{problem.message}</p>
      {children}
      {problem.status >= 500 && problem.requestId && (
        <p className="mt-1 text-sm text-muted">
          If you write to us, quote <code className="break-all select-all">{problem.requestId}</code>
        </p>
      )}
    </Notice>
  );
}
