/**
 * Uploads: `fetch` does not tell how much has been sent, so this goes by XMLHttpRequest. It answers the data or throws a
 * Problem, as `call` does.
 */
import { Problem } from "./problem";
import { keepSession } from "./session";

export interface UploadOptions {
  /** The same upload under the same key happens once. */
  key: string;
  /** From 0 to 1: how much has been sent. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
}

export async function upload<Data>(path: string, form: FormData, options: UploadOptions): Promise<Data> {
  await keepSession();
  const { key, onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onProgress?.(total ? loaded / total : 0),
    );
    request.addEventListener("load", () => {
      const body = parse(request.responseText);
      if (request.status < 300) return resolve(body as Data);
      const headers = new Headers();
      for (const name of ["x-request-id", "retry-after"]) {
        const value = request.getResponseHeader(name);
        if (value) headers.set(name, value);
      }
      reject(Problem.fromAnswer(body, new Response(null, { status: request.status, headers })));
    });
    request.addEventListener("error", () => reject(Problem.network()));
    request.addEventListener("abort", () =>
      reject(new DOMException("The upload was stopped.", "AbortError")),
    );
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
