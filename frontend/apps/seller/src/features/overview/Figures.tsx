/** A few counts, each a link to what it counts. */
import { Skeleton } from "@carat/ui";
import { Link, type LinkProps } from "@tanstack/react-router";

interface Figure {
  name: string;
  /** `undefined` while it is on the way, `null` where it could not be had. */
  value: string | null | undefined;
  link: LinkProps;
}

export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <ul className="grid grid-cols-2 overflow-hidden rounded-md border border-line bg-line gap-px lg:grid-cols-4">
      {figures.map(({ name, value, link }) => (
        <li key={name} className="bg-surface">
          <Link
            {...link}
            className="block px-4 py-3 transition-colors hover:bg-tile/60 focus-visible:-outline-offset-2 sm:px-5"
          >
            <span className="block text-sm text-muted">{name}</span>
            {value === undefined ? (
              <Skeleton className="mt-1.5 h-7 w-10" />
            ) : (
              <span className="block font-display text-[1.75rem] leading-9">{value ?? "–"}</span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
