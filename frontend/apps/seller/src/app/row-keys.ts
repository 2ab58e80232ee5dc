/** Moves the keyboard through the rows of a list: arrows or j and k, Home and End. Enter opens a row, because it is a link. */
import type { KeyboardEvent } from "react";

const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

export function moveThroughRows(event: KeyboardEvent<HTMLElement>) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("[data-row]"));
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const step = steps[event.key];
  let next: HTMLElement | undefined;
  if (step !== undefined) next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  else if (event.key === "Home") next = rows[0];
  else if (event.key === "End") next = rows.at(-1);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
