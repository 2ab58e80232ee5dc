/** What a page shows when there is nothing to show: it is empty, or it could not be loaded. Both say what to do next. */
import type { ReactNode } from "react";
import { Button } from "./Button";

interface EmptyProps {
  title: string;
  children?: ReactNode;
  /** The way out, usually a link or a button. */
  action?: ReactNode;
  drawing?: ReactNode;
  /** 1 where the message is the whole page. */
  level?: 1 | 2;
}

export function EmptyState({ title, children, action, drawing, level = 2 }: EmptyProps) {
  const Title = level === 1 ? "h1" : "h2";
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-16 text-center">
      {drawing && <div className="mb-2 w-28 text-muted">{drawing}</div>}
      <Title className="font-display text-title">{title}</Title>
      {children && <div className="text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}

interface ErrorProps {
  /** What went wrong, in words for the visitor. */
  message: string;
  /** The number to quote to the shop. */
  requestId?: string;
  onRetry?: () => void;
  title?: string;
}

export function ErrorState({ title = "That did not work", message, requestId, onRetry }: ErrorProps) {
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-16 text-center">
      <h2 className="font-display text-title">{title}</h2>
      <p className="text-muted">{message}</p>
      {onRetry && (
        <Button variant="secondary" onClick={onRetry}>
          Try again
        </Button>
      )}
      {requestId && (
        <p className="text-sm text-muted">
          If you write to us, quote <code className="select-all break-all text-ink">{requestId}</code>
        </p>
      )}
    </div>
  );
}
