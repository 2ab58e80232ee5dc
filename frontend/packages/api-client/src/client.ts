/**
 * The typed client. `call` unwraps an answer: the data, or a thrown Problem. The session travels in an HttpOnly cookie, so no
 * token ever passes through here.
 */
import createClient from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema.gen";

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  // Looked up at each call, so that whoever replaces the page's fetch is asked too.
  fetch: (request) => globalThis.fetch(request),
});

const signedOutListeners = new Set<() => void>();

/** Calls the listener whenever the server answers that the session has ended. Returns the way to stop listening. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

api.use({
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== "/api/v1/auth/login") {
      for (const listener of signedOutListeners) listener();
    }
  },
});

export async function call<Data>(
  request: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await request.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw Problem.network();
  });
  if (!response.ok) throw Problem.fromAnswer(error, response);
  return data as Exclude<Data, undefined>;
}
