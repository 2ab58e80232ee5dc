/**
 * Where the keyboard is after a change of page: at the new page's content, or, on the way back, at the link that led away.
 */
import type { AnyRouter } from "@tanstack/react-router";

export function keepFocus(router: AnyRouter) {
  const leftFrom = new Map<string, string>();

  router.subscribe("onBeforeNavigate", ({ fromLocation }) => {
    const link = document.activeElement?.closest("a[href]");
    const key = fromLocation?.state.__TSR_key;
    if (key && link) leftFrom.set(key, link.getAttribute("href") ?? "");
  });

  router.subscribe("onRendered", ({ fromLocation, toLocation, pathChanged }) => {
    // A hash says itself where to go.
    if (!fromLocation || !pathChanged || toLocation.hash) return;
    const href = leftFrom.get(toLocation.state.__TSR_key ?? "");
    const link = href && document.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`);
    const target = link || document.getElementById("main");
    target?.focus({ preventScroll: true });
  });
}
