/** The server's rules for passwords, one by one, so that a form can tick them off while one types. */
export interface PasswordRule {
  text: string;
  holds: (password: string) => boolean;
}

export const passwordRules: PasswordRule[] = [
  {
    text: "8 to 128 characters",
    holds: (password) => [...password].length >= 8 && [...password].length <= 128,
  },
  { text: "an upper-case letter", holds: (password) => /\p{Uppercase}/u.test(password) },
  { text: "a lower-case letter", holds: (password) => /\p{Lowercase}/u.test(password) },
  { text: "a digit", holds: (password) => /\p{N}/u.test(password) },
  { text: "a special character", holds: (password) => /[^\p{Alphabetic}\p{N}]/u.test(password) },
];

/** Every rule that the password breaks, in one sentence. */
export function passwordFault(password: string): string | undefined {
  const missing = passwordRules.filter(({ holds }) => !holds(password)).map(({ text }) => text);
  return missing.length > 0 ? `Still missing: ${missing.join(", ")}.` : undefined;
}
