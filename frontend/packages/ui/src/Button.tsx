/** Buttons, and `buttonClass` for links that look like one. A pending button stays focusable, says so, and ignores clicks. */
import clsx from "clsx";
import type { ComponentProps } from "react";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "medium" | "large" | "icon";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent border-accent hover:bg-accent-strong hover:border-accent-strong",
  secondary: "bg-transparent text-ink border-edge hover:border-ink hover:bg-tile",
  quiet: "bg-transparent text-ink border-transparent hover:bg-tile",
  danger: "bg-transparent text-danger border-danger hover:bg-danger-soft",
};

const sizes: Record<ButtonSize, string> = {
  medium: "min-h-11 px-5 py-2 text-[0.9375rem]",
  large: "min-h-13 px-7 py-3 text-base",
  icon: "size-11 p-0",
};

interface Look {
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
}

export function buttonClass({ variant = "primary", size = "medium", className }: Look = {}): string {
  return clsx(
    "inline-flex items-center justify-center gap-2 rounded-sm border font-medium leading-tight no-underline select-none",
    "transition-colors duration-150 disabled:opacity-50 aria-disabled:cursor-default active:opacity-85",
    variants[variant],
    sizes[size],
    className,
  );
}

interface Props extends ComponentProps<"button">, Look {
  pending?: boolean;
}

export function Button({ variant, size, className, pending = false, onClick, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      className={buttonClass({ variant, size, className })}
    >
      {pending && (
        <span
          aria-hidden="true"
          className="appear-late size-4 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:animate-none"
        />
      )}
      {children}
    </button>
  );
}
