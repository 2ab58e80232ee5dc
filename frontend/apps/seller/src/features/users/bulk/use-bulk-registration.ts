/**
 * Registers many people, a few at a time, so that one sees how far it is and nothing waits for minutes. Each few are sent with a
 * key of their own: after a broken connection the same request is sent again, and nobody is registered twice.
 */
import { api, type BulkResult, call, newIdempotencyKey, type Problem, toProblem } from "@carat/api-client";
import { shownProblem, withFreshProof } from "@carat/identity";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Row, toBulkUser } from "./rows";

export const atOnce = 25;

export interface Outcome {
  row: Row;
  /** The id of the new account. */
  id?: string;
  faults: string[];
}

interface Parcel {
  rows: Row[];
  key: string;
}

export interface Progress {
  total: number;
  outcomes: Outcome[];
  /** Parcels that were not answered yet. */
  left: Parcel[];
  sending: boolean;
  problem?: Problem;
}

export function useBulkRegistration() {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const stopped = useRef(false);
  useWarningBeforeLeaving(progress?.sending ?? false);

  const send = async (before: Progress) => {
    stopped.current = false;
    let now: Progress = { ...before, sending: true, problem: undefined };
    setProgress(now);
    for (let parcel = now.left[0]; parcel && !stopped.current; parcel = now.left[0]) {
      try {
        const answered = await withFreshProof(() => register(parcel));
        const outcomes = [...now.outcomes, ...answered];
        now = { ...now, outcomes, left: now.left.slice(1) };
        setProgress(now);
      } catch (error) {
        now = { ...now, problem: shownProblem(error) };
        break;
      }
    }
    setProgress({ ...now, sending: false });
    void client.invalidateQueries({ queryKey: ["users"] });
    void client.invalidateQueries({ queryKey: ["security-log"] });
  };

  return {
    progress,
    start: (rows: Row[]) =>
      void send({ total: rows.length, outcomes: [], left: parcelsOf(rows), sending: true }),
    goOn: () => progress && void send(progress),
    stop: () => {
      stopped.current = true;
    },
    reset: () => setProgress(undefined),
  };
}

export function parcelsOf(rows: Row[]): Parcel[] {
  const parcels: Parcel[] = [];
  for (let at = 0; at < rows.length; at += atOnce) {
    parcels.push({ rows: rows.slice(at, at + atOnce), key: newIdempotencyKey() });
  }
  return parcels;
}

async function register(parcel: Parcel): Promise<Outcome[]> {
  const { rows, key } = parcel;
  try {
    const { results } = await call(
      api.POST("/api/v1/auth/register/bulk", {
        params: { header: { "Idempotency-Key": key } },
        body: { users: rows.map(toBulkUser) },
      }),
    );
    return outcomesOf(rows, results);
  } catch (error) {
    // The server has answered this key for good; after the proof, the same people are another request.
    if (toProblem(error).code === "fresh-proof-required") parcel.key = newIdempotencyKey();
    throw error;
  }
}

/** A result says by its index which row it is about; a row without one was not registered as far as we know. */
export function outcomesOf(rows: Row[], results: Pick<BulkResult, "index" | "id" | "errors">[]): Outcome[] {
  const byIndex = new Map(results.map((result) => [result.index, result]));
  return rows.map((row, at) => {
    const { id, errors } = byIndex.get(at) ?? {};
    if (id) return { row, id, faults: [] };
    const faults = errors?.map(({ message }) => message) ?? [];
    return { row, faults: faults.length > 0 ? faults : ["The server did not say why."] };
  });
}

function useWarningBeforeLeaving(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}
