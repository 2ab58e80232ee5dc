/**
 * The app's shortcuts. Single letters work only while nobody is typing; `g` waits a moment for the letter of a place. While a
 * dialog is open it has the keyboard for itself.
 */
import type { User } from "@carat/api-client";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { account, placesOf } from "./places";

export type Overlay = "palette" | "shortcuts";

const patience = 1200;

export function useShortcuts(role: User["role"], open: (overlay: Overlay) => void) {
  const router = useRouter();
  useEffect(() => {
    const places = [...placesOf({ role }), account];
    let wentAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = event.timeStamp - wentAt < patience && places.find(({ key }) => key === event.key);
      wentAt = 0;
      if (place) void router.navigate({ to: place.to });
      else if (event.key === "g") wentAt = event.timeStamp;
      else if (event.key === "?") open("shortcuts");
      else if (event.key === "n" && places.some(({ to }) => to === "/products"))
        void router.navigate({ to: "/products/new" });
      else if (event.key === "/") focusSearch(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [open, role, router]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function focusSearch(event: KeyboardEvent) {
  const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
}
