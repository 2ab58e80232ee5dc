/** Signing in by passkey: on request, and as a suggestion of the browser in the e-mail field while the page is open. */
import { type Problem, toProblem, type User } from "@carat/api-client";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { signInByPasskey } from "./operations";
import { suggestsPasskeys } from "./webauthn";

export function usePasskeySignIn(onSignedIn: (user: User) => void) {
  const [problem, setProblem] = useState<Problem>();
  const suggestion = useRef<AbortController>(undefined);
  const done = useRef(onSignedIn);
  done.current = onSignedIn;

  useEffect(() => {
    const stop = new AbortController();
    suggestion.current = stop;
    void suggest(stop.signal).then(
      (user) => user && !stop.signal.aborted && done.current(user),
      // Nobody asked for it by a click, so only what the shop said of a chosen passkey is worth telling.
      (error) => !stop.signal.aborted && toProblem(error).status === 401 && setProblem(toProblem(error)),
    );
    return () => stop.abort();
  }, []);

  const signIn = useMutation({
    mutationFn: () => {
      // The device can be asked one thing at a time.
      suggestion.current?.abort();
      setProblem(undefined);
      return signInByPasskey();
    },
    onSuccess: onSignedIn,
    onError: (error) => setProblem(toProblem(error)),
  });
  return { signIn: () => signIn.mutate(), isPending: signIn.isPending, problem };
}

async function suggest(signal: AbortSignal): Promise<User | undefined> {
  if (!(await suggestsPasskeys()) || signal.aborted) return undefined;
  return signInByPasskey({ mediation: "conditional", signal });
}
