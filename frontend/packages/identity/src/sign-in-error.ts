/** Why a sign-in at a provider did not end here, in words. The codes stand in the address of the sign-in page. */
const messages: Record<string, string> = {
  "oauth-denied":
    "You did not let us know who you are, so nothing has happened. Try again, or sign in another way.",
  "oauth-failed": "The sign-in with the other service did not work. Try again, or sign in another way.",
  "oauth-email-unverified":
    "The other service has not verified your e-mail address, so we cannot rely on it. Verify it there, or sign in another way.",
  "oauth-email-taken":
    "There is an account with this e-mail address already. Sign in with your password, and verify the address.",
  "oauth-identity-taken":
    "That account elsewhere signs in to another account here. Unlink it there first, or sign in another way.",
  "second-factor": "The second step of the sign-in did not end in time. Please begin anew.",
};

export function signInError(code: string | undefined): string | undefined {
  return code === undefined ? undefined : (messages[code] ?? messages["oauth-failed"]);
}
