/**
 * Some changes need a proof that is at most a few minutes old. `withFreshProof` does the work, and when the server asks for such a
 * proof, has the StepUpHost ask for it and does the work once more. May be called from anywhere; one StepUpHost per app shows
 * the dialog.
 */
import { Problem, toProblem } from "@carat/api-client";
import { useSyncExternalStore } from "react";
import type { ProofMethod } from "./proof";

export interface StepUp {
  methods: ProofMethod[];
  /** The proof was accepted (`true`), or its owner changed their mind. */
  settle: (proven: boolean) => void;
}

let asked: StepUp | undefined;
const listeners = new Set<() => void>();

export async function withFreshProof<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code !== "fresh-proof-required") throw error;
    const methods = Array.isArray(problem.extras.methods) ? (problem.extras.methods as ProofMethod[]) : [];
    if (!(await askForProof(methods))) throw changedTheirMind();
    return work();
  }
}

/** Whether the work was left alone because its owner closed the dialog: nothing to complain about. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof Problem && error.code === "cancelled";
}

/** The problem to show, if there is one. */
export function shownProblem(error: unknown): Problem | undefined {
  return error && !wasCancelled(error) ? toProblem(error) : undefined;
}

export function useStepUp(): StepUp | undefined {
  return useSyncExternalStore(subscribe, () => asked);
}

function askForProof(methods: ProofMethod[]): Promise<boolean> {
  asked?.settle(false);
  return new Promise((answer) => {
    asked = {
      methods,
      settle: (proven) => {
        asked = undefined;
        tell();
        answer(proven);
      },
    };
    tell();
  });
}

function changedTheirMind(): Problem {
  return new Problem({ status: 0, code: "cancelled", title: "Nothing was changed." });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of listeners) listener();
}
