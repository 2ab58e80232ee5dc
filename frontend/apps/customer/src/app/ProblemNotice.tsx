/** A refusal above or below a form: what happened, and the request id where asking the shop may help. */
import type { Problem } from "@carat/api-client";
import { Notice } from "@carat/ui";
import type { ReactNode } from "react";

export function ProblemNotice({ problem, children }: { problem: Problem | undefined; children?: ReactNode }) {
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
