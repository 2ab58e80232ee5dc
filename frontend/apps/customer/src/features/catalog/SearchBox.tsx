/** Search by words. What is typed is the visitor's own; the list follows a moment after the last key. */
import { useLocation, useRouter } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";

const pause = 250;

export function SearchBox({
  initial,
  onSearch,
}: {
  initial: string | undefined;
  onSearch: (q: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const router = useRouter();
  const asked = useLocation({ select: ({ hash }) => hash === "search" });

  useEffect(() => {
    if (asked) input.current?.focus({ preventScroll: true });
  }, [asked]);

  // A search that was taken away elsewhere, by its chip for example, empties the field too.
  useEffect(() => {
    if (input.current && initial !== input.current.value.trim() && document.activeElement !== input.current) {
      input.current.value = initial ?? "";
    }
  }, [initial]);

  // Whoever follows a link right after typing goes there, and is not called back by the search that waits.
  useEffect(
    () =>
      router.subscribe("onBeforeNavigate", ({ pathChanged }) => pathChanged && clearTimeout(timer.current)),
    [router],
  );
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(input.current?.value.trim() ?? ""), delay);
  };

  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(0);
      }}
      className="relative"
    >
      <Search
        aria-hidden="true"
        size={18}
        strokeWidth={1.5}
        className="pointer-events-none absolute top-1/2 left-3.5 -translate-y-1/2 text-muted"
      />
      <input
        ref={input}
        type="search"
        aria-label="Search the pieces"
        placeholder="Search the pieces"
        defaultValue={initial}
        onChange={() => search(pause)}
        autoComplete="off"
        enterKeyHint="search"
        className="min-h-11 w-full rounded-sm border border-edge bg-surface py-2 pr-3 pl-10 transition-colors placeholder:text-muted hover:border-ink focus-visible:outline-offset-0"
      />
    </form>
  );
}
