/** What is asked for after the password: six digits, a passkey, or a code that was written down. */
import { toProblem, type User } from "@carat/api-client";
import { Notice } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sendSecondFactor, signInByPasskey } from "./operations";
import { type Proof, ProofForm } from "./ProofForm";
import { orderOfProofs, type ProofMethod } from "./proof";
import { knowsPasskeys } from "./webauthn";

interface Props {
  challenge: string;
  /** What the account has; where that is not known, everything is offered. */
  methods?: readonly ProofMethod[];
  onSignedIn: (user: User) => void;
  /** The way to begin anew, when the time is up. */
  startAgain: ReactNode;
}

const everything: ProofMethod[] = ["totp", "recovery_code", "passkey"];

export function SecondFactorForm({ challenge, methods = everything, onSignedIn, startAgain }: Props) {
  const send = useMutation({
    mutationFn: (proof: Proof) => {
      if ("code" in proof) return sendSecondFactor({ challenge, code: proof.code });
      return signInByPasskey({ secondFactor: challenge });
    },
    onSuccess: onSignedIn,
  });
  const problem = send.error ? toProblem(send.error) : undefined;
  if (problem?.code === "challenge-expired") {
    return (
      <Notice tone="warning" title="The time for this step is up">
        <p>For your safety it begins anew after five minutes or five wrong codes. {startAgain}</p>
      </Notice>
    );
  }
  // The password was given a moment ago: six digits first, and what the account lacks not at all.
  const offered = orderOfProofs(methods, knowsPasskeys()).sort(
    (a, b) => Number(b === "totp") - Number(a === "totp"),
  );
  return (
    <ProofForm
      methods={offered}
      pending={send.isPending || send.isSuccess}
      problem={problem}
      onProof={(proof) => send.mutate(proof)}
      submitLabel="Sign in"
    />
  );
}
