/** The title of the page, in the browser's tab and for those who hear the page change. */
import { useEffect } from "react";

export function usePageTitle(title: string | undefined) {
  useEffect(() => {
    if (title !== undefined)
      document.title = title ? `${title} · Carat` : "Carat · Fine jewellery from its makers";
  }, [title]);
}
