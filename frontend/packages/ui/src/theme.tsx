/**
 * Light or dark. The system decides until the visitor does; the choice stays in this browser, and `theme.js` in the page's head
 * applies it before the first paint.
 */
import { Moon, Sun } from "lucide-react";
import { useState, useSyncExternalStore } from "react";

type Theme = "light" | "dark";

const storageName = "carat.theme";

function systemDark(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

function subscribe(listener: () => void) {
  const query = systemDark();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

export function ThemeToggle({ className }: { className?: string }) {
  const system = useSyncExternalStore<Theme>(subscribe, () => (systemDark().matches ? "dark" : "light"));
  const [chosen, setChosen] = useState(document.documentElement.dataset.theme as Theme | undefined);
  const theme = chosen ?? system;
  const other = theme === "dark" ? "light" : "dark";

  const choose = () => {
    document.documentElement.dataset.theme = other;
    setChosen(other);
    try {
      localStorage.setItem(storageName, other);
    } catch {
      // Storage is closed to us: the choice lasts as long as the page.
    }
  };

  return (
    <button type="button" onClick={choose} aria-label={`Use the ${other} theme`} className={className}>
      {theme === "dark" ? (
        <Sun aria-hidden="true" size={20} strokeWidth={1.5} />
      ) : (
        <Moon aria-hidden="true" size={20} strokeWidth={1.5} />
      )}
    </button>
  );
}
