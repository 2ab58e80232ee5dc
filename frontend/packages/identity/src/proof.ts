/** By what people prove that they are who they say. */
export type ProofMethod = "password" | "totp" | "recovery_code" | "passkey";

/** What is asked for after the password. */
export interface SecondFactor {
  challenge: string;
  methods: ProofMethod[];
  expires_in: number;
}
