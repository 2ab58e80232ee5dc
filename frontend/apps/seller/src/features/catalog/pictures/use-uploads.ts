/** Files on their way to a product: one after the other, each with its progress, and what went wrong where something did. */
import { type Image, newIdempotencyKey, type Problem, toProblem } from "@carat/api-client";
import { useCallback, useEffect, useRef, useState } from "react";
import { uploadPicture } from "../queries";
import { refusal } from "./refusal";

export interface Upload {
  key: string;
  file: File;
  /** From 0 to 1. */
  sent: number;
  state: "waiting" | "sending" | "refused";
  /** Why it was refused. */
  reason?: string;
  problem?: Problem;
  /** Whether the same file may be taken another time. */
  again?: boolean;
}

export function useUploads(product: string, onAdded: (image: Image) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const added = useRef(onAdded);
  added.current = onAdded;
  const stops = useRef(new Map<string, AbortController>());

  const change = useCallback((key: string, part: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }, []);

  const dismiss = useCallback((key: string) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setUploads((all) => all.filter((one) => one.key !== key));
  }, []);

  const add = (files: Iterable<File>) => {
    const taken = [...files].map((file): Upload => {
      const reason = refusal(file);
      const begun = { key: newIdempotencyKey(), file, sent: 0 };
      return reason ? { ...begun, state: "refused", reason } : { ...begun, state: "waiting" };
    });
    setUploads((all) => [...all, ...taken]);
  };

  /** Under the key that it had: if only the answer was lost, the picture is there once. */
  const retry = (key: string) =>
    change(key, { state: "waiting", sent: 0, reason: undefined, problem: undefined });

  const next = uploads.some(({ state }) => state === "sending")
    ? undefined
    : uploads.find(({ state }) => state === "waiting");
  useEffect(() => {
    if (!next) return;
    const { key, file } = next;
    const stop = new AbortController();
    stops.current.set(key, stop);
    change(key, { state: "sending" });
    uploadPicture(product, file, {
      key,
      signal: stop.signal,
      onProgress: (sent) => change(key, { sent }),
    }).then(
      (image) => {
        added.current(image);
        dismiss(key);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const problem = toProblem(error);
        change(key, { state: "refused", reason: problem.message, problem, again: problem.isTemporary });
      },
    );
  }, [next, product, change, dismiss]);

  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
    };
  }, []);

  return { uploads, add, retry, dismiss };
}
