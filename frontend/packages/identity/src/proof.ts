/** By what people prove that they are who they say. */
export type ProofMethod = "password" | "totp" | "recovery_code" | "passkey";

/** What is asked for after the password. */
export interface SecondFactor {
  challenge: string;
  methods: ProofMethod[];
  expires_in: number;
}

const easiestFirst: ProofMethod[] = ["passkey", "password", "totp", "recovery_code"];

/** The ways that are open here, the easiest first. */
export function orderOfProofs(methods: readonly ProofMethod[], passkeys: boolean): ProofMethod[] {
  return easiestFirst.filter((method) => methods.includes(method) && (method !== "passkey" || passkeys));
}

/** The ways that stand in a page's address, of which only known ones count. */
export function readMethods(names: readonly string[]): ProofMethod[] | undefined {
  const known = easiestFirst.filter((method) => names.includes(method));
  return known.length > 0 ? known : undefined;
}
