/** A file on its way, or one that was refused, with the reason. */
import { Button } from "@carat/ui";
import type { Upload } from "./use-uploads";

interface Props {
  upload: Upload;
  onRetry: () => void;
  onDismiss: () => void;
}

export function UploadTile({ upload, onRetry, onDismiss }: Props) {
  const { file, sent, state, reason, again, problem } = upload;
  const percent = Math.round(sent * 100);
  return (
    <li className="flex min-w-0 flex-col justify-between gap-2 rounded-sm border border-line bg-tile p-3 text-sm">
      <p className="font-medium break-all">{file.name}</p>
      {state === "refused" ? (
        <div role="alert" className="text-danger">
          <p>{reason}</p>
          {problem && problem.status >= 500 && problem.requestId && (
            <p className="mt-1 text-muted">
              If you write to us, quote <code className="break-all select-all">{problem.requestId}</code>
            </p>
          )}
        </div>
      ) : (
        <div>
          <progress
            aria-label={`${file.name} is sent`}
            max={100}
            value={percent}
            className="w-full accent-accent"
          />
          <p className="text-muted">{progress(state, percent)}</p>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        {again && (
          <Button variant="secondary" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button variant="quiet" onClick={onDismiss}>
          {state === "refused" ? "Dismiss" : "Stop"}
        </Button>
      </div>
    </li>
  );
}

function progress(state: Upload["state"], percent: number): string {
  if (state === "waiting") return "Waits for its turn";
  return percent < 100 ? `${percent} % sent` : "Being looked at";
}
