/** The server's rules for passwords, one by one, so that the form can tick them off while one types. */
export interface PasswordRule {
  text: string;
  holds: (password: string) => boolean;
}

export const passwordRules: PasswordRule[] = [
  {
    text: "8 to 128 characters",
    holds: (password) => [...password].length >= 8 && [...password].length <= 128,
  },
  { text: "an upper-case letter", holds: (password) => /\p{Lu}/u.test(password) },
  { text: "a lower-case letter", holds: (password) => /\p{Ll}/u.test(password) },
  { text: "a digit", holds: (password) => /\p{N}/u.test(password) },
  { text: "a special character", holds: (password) => /[^\p{L}\p{N}]/u.test(password) },
];
