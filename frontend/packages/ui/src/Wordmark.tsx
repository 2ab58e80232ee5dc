/** The name of the house, with its stone. */
import clsx from "clsx";

export function Wordmark({ className }: { className?: string }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-2.5 font-display text-[1.625rem] leading-none",
        className,
      )}
    >
      <svg
        viewBox="0 0 24 20"
        aria-hidden="true"
        className="w-6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.1"
      >
        <path d="M6 1.5h12L23 7.5 12 19 1 7.5Z M1 7.5h22 M8 7.5 12 1.5l4 6L12 19Z" strokeLinejoin="round" />
      </svg>
      Carat
    </span>
  );
}
