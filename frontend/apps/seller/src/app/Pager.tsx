/**
 * The end of a page of a list: on to the next page, and back. The page stands in the address as the server's cursor. Cursors only
 * lead forward, so the way that led here is kept beside the address, in the browser's history.
 */
import { buttonClass } from "@carat/ui";
import { Link, useLocation } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The cursors of the pages before this one; the first page has none, and stands as an empty text. */
    trail?: string[];
  }
}

interface Props {
  shown: number;
  /** What is listed, for that number. */
  noun: string;
  cursor: string | undefined;
  next: string | null;
}

const look = buttonClass({ variant: "secondary", className: "px-4!" });

export function Pager({ shown, noun, cursor, next }: Props) {
  const trail = useLocation({ select: ({ state }) => state.trail }) ?? [];
  useFocusOnTurning(cursor);
  const page = cursor && trail[0] === "" ? `Page ${trail.length + 1}, ` : "";
  const back = trail.at(-1);
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-5 text-sm text-muted"
    >
      <p role="status">
        {page}
        {shown} {noun}
        {!cursor && !next && ": that is all"}
      </p>
      <div className="flex gap-2">
        {cursor && (
          <Link
            to="."
            search={(search: object) => ({ ...search, cursor: back || undefined })}
            state={{ trail: trail.slice(0, -1) }}
            className={look}
          >
            <ChevronLeft aria-hidden="true" size={17} />
            {back === undefined ? "First page" : "Back"}
          </Link>
        )}
        {next && (
          <Link
            to="."
            search={(search: object) => ({ ...search, cursor: next })}
            state={{ trail: [...trail, cursor ?? ""] }}
            className={look}
          >
            Next page
            <ChevronRight aria-hidden="true" size={17} />
          </Link>
        )}
      </div>
    </nav>
  );
}

/** The link that turned the page may be gone on the new one; the keyboard goes on at the top of it. */
function useFocusOnTurning(cursor: string | undefined) {
  const before = useRef(cursor);
  useEffect(() => {
    if (before.current === cursor) return;
    before.current = cursor;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [cursor]);
}
