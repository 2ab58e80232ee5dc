/** Asks for a fresh proof whenever a change needs one; see `withFreshProof`. Stands once in each app's account area. */
import { toProblem } from "@carat/api-client";
import { Dialog } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type StepUp, shownProblem, useStepUp } from "./fresh-proof";
import { signInByPasskey, stepUp } from "./operations";
import { type Proof, ProofForm } from "./ProofForm";
import { orderOfProofs } from "./proof";
import { knowsPasskeys } from "./webauthn";

const field = "input:not([readonly]), button[type=submit]";

export function StepUpHost({ email }: { email: string }) {
  const asked = useStepUp();
  return (
    <Dialog open={asked !== undefined} onClose={() => asked?.settle(false)} title="Is it you?">
      {asked && <Asked asked={asked} email={email} />}
    </Dialog>
  );
}

function Asked({ asked, email }: { asked: StepUp; email: string }) {
  const proof = useRef<HTMLDivElement>(null);
  // Once the dialog is open, the keyboard goes to what is asked for, not to the button that closes it.
  useEffect(() => {
    const wait = setTimeout(() => proof.current?.querySelector<HTMLElement>(field)?.focus());
    return () => clearTimeout(wait);
  }, []);
  const prove = useMutation({
    mutationFn: async (proof: Proof) => {
      if ("passkey" in proof) await signInByPasskey({ purpose: "step_up" });
      else await stepUp(proof);
    },
    onSuccess: () => asked.settle(true),
  });
  const methods = orderOfProofs(asked.methods, knowsPasskeys());
  if (methods.length === 0) {
    return (
      <p className="text-[0.9375rem] text-muted">
        This change needs a sign-in that is at most a few minutes old. Sign out, sign in again, and come back
        here.
      </p>
    );
  }
  return (
    <>
      <p className="mb-5 text-[0.9375rem] text-muted">
        What you are about to do matters for the safety of your account, so please show once more that it is
        you.
      </p>
      <div ref={proof}>
        <ProofForm
          methods={methods}
          email={email}
          pending={prove.isPending}
          problem={prove.error ? shownProblem(toProblem(prove.error)) : undefined}
          onProof={(proof) => prove.mutate(proof)}
        />
      </div>
    </>
  );
}
