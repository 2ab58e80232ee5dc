/** The end of a list that has more: a button, and how far one has come. */
import { Button } from "./Button";

interface Props {
  shown: number;
  /** What is listed, in the plural. */
  noun: string;
  hasMore: boolean;
  pending: boolean;
  onMore: () => void;
}

export function LoadMore({ shown, noun, hasMore, pending, onMore }: Props) {
  return (
    <div className="flex flex-col items-center gap-3 py-10">
      <p className="text-sm text-muted">
        {hasMore ? `${shown} ${noun} so far` : `That is all: ${shown} ${noun}`}
      </p>
      {hasMore && (
        <Button variant="secondary" pending={pending} onClick={onMore}>
          Show more
        </Button>
      )}
    </div>
  );
}
