/**
 * Idempotency keys. A fresh one for a write that may be repeated by accident, and a kept one for a write that must happen once
 * even when the page is reloaded half-way: the same request gets the same key until the server has given its final word.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Kept {
  request: string;
  key: string;
}

/** The key of this request: the kept one if the same request was sent before, else a new one, which is kept. */
export function keptIdempotencyKey(
  name: string,
  request: unknown,
  storage: Storage = sessionStorage,
): string {
  const fingerprint = JSON.stringify(request);
  const kept = read(name, storage);
  if (kept?.request === fingerprint) return kept.key;
  const key = newIdempotencyKey();
  storage.setItem(name, JSON.stringify({ request: fingerprint, key } satisfies Kept));
  return key;
}

/** The request that still waits for the server's final word, if there is one. */
export function keptRequest(name: string, storage: Storage = sessionStorage): unknown {
  const kept = read(name, storage);
  return kept && JSON.parse(kept.request);
}

/** Forgets the key: the server has answered for good, and what comes next is another attempt. */
export function forgetIdempotencyKey(name: string, storage: Storage = sessionStorage): void {
  storage.removeItem(name);
}

function read(name: string, storage: Storage): Kept | undefined {
  try {
    return JSON.parse(storage.getItem(name) ?? "") as Kept;
  } catch {
    return undefined;
  }
}
