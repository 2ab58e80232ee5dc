/** The ways to sign in without a password: a passkey, and the providers that the shop has been set up with. */
import { expectSession, type User } from "@carat/api-client";
import { Button, buttonClass, ProblemNotice } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { providersQuery } from "./operations";
import { usePasskeySignIn } from "./use-passkey-sign-in";
import { knowsPasskeys } from "./webauthn";

interface Props {
  onSignedIn: (user: User) => void;
  /** The page of this site to come back to, with the app's own folder. */
  returnTo: string;
  size?: "medium" | "large";
}

export function OtherWays({ onSignedIn, returnTo, size }: Props) {
  const passkey = usePasskeySignIn(onSignedIn);
  const providers = useQuery(providersQuery).data ?? [];
  if (!knowsPasskeys() && providers.length === 0) return null;
  return (
    <section aria-label="Other ways to sign in" className="mt-8 flex flex-col gap-3">
      <p
        aria-hidden="true"
        className="mb-2 flex items-center gap-4 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
      >
        or
      </p>
      {knowsPasskeys() && (
        <Button variant="secondary" size={size} pending={passkey.isPending} onClick={passkey.signIn}>
          <KeyRound aria-hidden="true" size={18} strokeWidth={1.5} />
          Sign in with a passkey
        </Button>
      )}
      <ProblemNotice problem={passkey.problem} />
      {providers.map(({ id, name }) => (
        <a
          key={id}
          href={`/api/v1/auth/oauth/${encodeURIComponent(id)}?return_to=${encodeURIComponent(returnTo)}`}
          onClick={expectSession}
          className={buttonClass({ variant: "secondary", size })}
        >
          Continue with {name}
        </a>
      ))}
    </section>
  );
}
