/** Whether the cart's drawer is open, and whether it may be soon: then its script is loaded. */
import { useSyncExternalStore } from "react";

interface State {
  open: boolean;
  needed: boolean;
}

let state: State = { open: false, needed: false };
const listeners = new Set<() => void>();

function set(open: boolean) {
  state = { open, needed: true };
  for (const listener of listeners) listener();
}

export const openCartDrawer = () => set(true);
export const closeCartDrawer = () => set(false);
export const prepareCartDrawer = () => state.needed || set(false);

export function useCartDrawer(): State {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
