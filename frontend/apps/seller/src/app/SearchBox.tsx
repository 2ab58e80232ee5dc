/** The search of a list. What is typed stays the typist's own; the address follows a moment later. */
import { useRouter } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

const pause = 250;

interface Props {
  /** What the address says. */
  q: string | undefined;
  label: string;
  onSearch: (q: string | undefined) => void;
}

export function SearchBox({ q = "", label, onSearch }: Props) {
  const [text, setText] = useState(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const router = useRouter();

  // Whoever follows a link right after typing goes there, and is not called back by the search that waits.
  useEffect(
    () =>
      router.subscribe("onBeforeNavigate", ({ pathChanged }) => pathChanged && clearTimeout(timer.current)),
    [router],
  );

  useEffect(() => {
    // The address changed by itself, as on the way back: the field follows, unless somebody is typing.
    if (timer.current === undefined) setText((typed) => (typed.trim() === q ? typed : q));
    return () => clearTimeout(timer.current);
  }, [q]);

  const type = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      onSearch(typed.trim() || undefined);
    }, pause);
  };

  return (
    <search className="relative block w-full sm:max-w-80">
      <Search aria-hidden="true" size={17} className="absolute top-1/2 left-3 -translate-y-1/2 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => type(event.target.value)}
        className="block min-h-11 w-full rounded-sm border border-edge bg-surface py-1.5 pr-3 pl-9 text-base placeholder:text-muted hover:border-ink focus-visible:outline-offset-0 sm:text-[0.9375rem] lg:min-h-10"
      />
    </search>
  );
}
