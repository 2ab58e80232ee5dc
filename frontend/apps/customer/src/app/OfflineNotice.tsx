/** Says so when the connection is gone, on every page, until it is back. */
import { useSyncExternalStore } from "react";

function subscribe(listener: () => void) {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

export function OfflineNotice() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <p
      role="status"
      className={online ? "sr-only" : "bg-warning-soft px-4 py-2 text-center text-sm text-warning"}
    >
      {!online && "You are offline. Prices and stock may have changed since this page was loaded."}
    </p>
  );
}
