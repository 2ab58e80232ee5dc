/**
 * Short messages about what has just happened, with at most one thing to do about it. `toast` may be called from anywhere;
 * one ToastRegion per app shows and announces them.
 */
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";

export interface ToastMessage {
  message: string;
  action?: { label: string; onAction: () => void };
  /** Milliseconds on screen. */
  duration?: number;
}

interface Shown extends ToastMessage {
  id: number;
}

let shown: Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function update(next: Shown[]) {
  shown = next;
  for (const listener of listeners) listener();
}

export function dismissToast(id: number) {
  update(shown.filter((each) => each.id !== id));
}

export function toast(message: ToastMessage): number {
  const id = nextId++;
  update([...shown.slice(-2), { ...message, id }]);
  setTimeout(() => dismissToast(id), message.duration ?? (message.action ? 9000 : 5000));
  return id;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function ToastRegion() {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-center gap-2"
    >
      {toasts.map(({ id, message, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-full items-center gap-2 rounded-md bg-ink py-1 pr-1 pl-4 text-[0.9375rem] text-paper shadow-raised"
        >
          <span className="py-2">{message}</span>
          {action && (
            <button
              type="button"
              className="min-h-11 rounded-sm px-3 font-semibold underline underline-offset-4"
              onClick={() => {
                dismissToast(id);
                action.onAction();
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            aria-label="Dismiss"
            className="grid size-11 place-items-center rounded-sm"
            onClick={() => dismissToast(id)}
          >
            <X aria-hidden="true" size={18} />
          </button>
        </div>
      ))}
    </section>
  );
}
