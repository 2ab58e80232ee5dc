/**
 * Passkeys, as browsers have them: the server's options in, the device's answer out, both as JSON (WebAuthn, level 3). Older
 * browsers lack the conversion, which is done here for them.
 */
import { Problem } from "@carat/api-client";

type Json = Record<string, unknown>;

/** Whether this browser knows passkeys at all, and can have them here: they are made for names, not for bare IP addresses. */
export function knowsPasskeys(): boolean {
  if (/^[\d.]+$|^\[/.test(globalThis.location?.hostname ?? "")) return false;
  return typeof globalThis.PublicKeyCredential === "function" && "credentials" in navigator;
}

/** Whether the browser can offer passkeys among its suggestions for the e-mail field. */
export async function suggestsPasskeys(): Promise<boolean> {
  if (!knowsPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/** Has the device make a passkey. */
export async function makePasskey(options: unknown): Promise<Json> {
  const publicKey = readOptions<PublicKeyCredentialCreationOptions>(options, "parseCreationOptionsFromJSON");
  return told(navigator.credentials.create({ publicKey }));
}

/** Has the device prove that it holds a passkey; as a suggestion of the e-mail field if `mediation` says `conditional`. */
export async function showPasskey(
  options: unknown,
  init: Pick<CredentialRequestOptions, "mediation" | "signal"> = {},
): Promise<Json> {
  const publicKey = readOptions<PublicKeyCredentialRequestOptions>(options, "parseRequestOptionsFromJSON");
  return told(navigator.credentials.get({ ...init, publicKey }));
}

async function told(ceremony: Promise<Credential | null>): Promise<Json> {
  try {
    const credential = (await ceremony) as PublicKeyCredential | null;
    if (!credential) throw new DOMException("", "NotAllowedError");
    return typeof credential.toJSON === "function"
      ? (credential.toJSON() as unknown as Json)
      : toJson(credential);
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "AbortError") throw error;
    throw refused(name);
  }
}

function refused(name: string): Problem {
  const messages: Record<string, [code: string, text: string]> = {
    NotAllowedError: [
      "passkey-cancelled",
      "No passkey was used: it was cancelled, or took too long. You can try again.",
    ],
    InvalidStateError: ["passkey-known", "This device has a passkey for your account already."],
    SecurityError: [
      "passkey-impossible",
      "Passkeys do not work at this address. They need the shop's own name, and a secure connection.",
    ],
  };
  const [code, title] = messages[name] ?? ["passkey-failed", "The device could not use a passkey."];
  return new Problem({ status: 0, code, title });
}

function readOptions<Options>(
  options: unknown,
  parser: "parseCreationOptionsFromJSON" | "parseRequestOptionsFromJSON",
): Options {
  const given = options as Json;
  const json = (given.publicKey ?? given) as Json;
  const parse = PublicKeyCredential[parser] as ((json: unknown) => Options) | undefined;
  if (parse) return parse.call(PublicKeyCredential, json);
  const withIds = (list: unknown) =>
    (list as { id: string }[] | undefined)?.map((each) => ({ ...each, id: fromBase64Url(each.id) }));
  const user = json.user as { id: string } | undefined;
  return {
    ...json,
    challenge: fromBase64Url(json.challenge as string),
    ...(user && { user: { ...user, id: fromBase64Url(user.id) } }),
    ...(json.excludeCredentials !== undefined && { excludeCredentials: withIds(json.excludeCredentials) }),
    ...(json.allowCredentials !== undefined && { allowCredentials: withIds(json.allowCredentials) }),
  } as Options;
}

function toJson(credential: PublicKeyCredential): Json {
  const response: Json = {};
  const { response: answer } = credential;
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    const value = (answer as unknown as Json)[name];
    if (value instanceof ArrayBuffer) response[name] = toBase64Url(value);
  }
  if ("getTransports" in answer)
    response.transports = (answer as AuthenticatorAttestationResponse).getTransports();
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

export function fromBase64Url(text: string): ArrayBuffer {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)).buffer;
}

export function toBase64Url(buffer: ArrayBuffer): string {
  const bytes = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
