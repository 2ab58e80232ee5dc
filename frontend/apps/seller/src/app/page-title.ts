/** The title of the page, in the browser's tab and for those who hear the page change. */
import { useEffect } from "react";

export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Carat for sellers`;
  }, [title]);
}
