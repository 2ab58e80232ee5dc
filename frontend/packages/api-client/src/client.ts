/**
 * The typed client. `call` unwraps an answer: the data, or a thrown Problem. The session travels in HttpOnly cookies, so no
 * token ever passes through here; `fetchInSession` keeps it alive.
 */
import createClient from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema.gen";
import { fetchInSession } from "./session";

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: fetchInSession,
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
