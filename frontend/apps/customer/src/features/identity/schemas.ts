/** What the forms about the account ask for, checked before the server is asked. */
import * as v from "valibot";

export const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty("Enter your e-mail address."),
  v.email("Enter an address like anna@example.com."),
);

const rules: [test: (password: string) => boolean, what: string][] = [
  [(password) => [...password].length >= 8, "8 characters"],
  [(password) => /\p{Lu}/u.test(password), "an upper-case letter"],
  [(password) => /\p{Ll}/u.test(password), "a lower-case letter"],
  [(password) => /\d/.test(password), "a digit"],
  [(password) => /[^\p{L}\d\s]/u.test(password), "a special character"],
];

/** Every rule that the password breaks, in one sentence. */
export function passwordFault(password: string): string | undefined {
  if ([...password].length > 128) return "Use at most 128 characters.";
  const missing = rules.filter(([test]) => !test(password)).map(([, what]) => what);
  if (missing.length === 0) return undefined;
  return `Still missing: ${missing.join(", ")}.`;
}

const newPassword = v.pipe(
  v.string(),
  v.nonEmpty("Choose a password."),
  v.check(
    (password) => passwordFault(password) === undefined,
    ({ input }) => passwordFault(String(input)) ?? "",
  ),
);

export const loginSchema = v.object({
  email,
  password: v.pipe(v.string(), v.nonEmpty("Enter your password.")),
});

export const registerSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.maxLength(200, "Use at most 200 characters.")),
  email,
  password: newPassword,
});
