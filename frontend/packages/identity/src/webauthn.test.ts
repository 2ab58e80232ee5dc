import { afterEach, describe, expect, it, vi } from "vitest";
import { fromBase64Url, knowsPasskeys, makePasskey, showPasskey, toBase64Url } from "./webauthn";

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

function browser(credentials: object, parsers: object = {}) {
  vi.stubGlobal("PublicKeyCredential", Object.assign(class {}, parsers));
  vi.stubGlobal("navigator", { credentials });
}

afterEach(() => vi.unstubAllGlobals());

describe("passkeys", () => {
  it("are known by browsers that have them", () => {
    expect(knowsPasskeys()).toBe(false);
    browser({});
    expect(knowsPasskeys()).toBe(true);
  });

  it("are made by the browser's own reading of the options where it has one", async () => {
    const create = vi.fn().mockResolvedValue({ toJSON: () => ({ id: "new" }) });
    browser({ create }, { parseCreationOptionsFromJSON: (json: object) => ({ parsed: json }) });
    await expect(makePasskey({ publicKey: { challenge: "AQID" } })).resolves.toEqual({ id: "new" });
    expect(create).toHaveBeenCalledWith({ publicKey: { parsed: { challenge: "AQID" } } });
  });

  it("are converted by hand for older browsers, both ways", async () => {
    const get = vi.fn().mockResolvedValue({
      id: "-_8",
      rawId: bytes(251, 255),
      type: "public-key",
      authenticatorAttachment: null,
      getClientExtensionResults: () => ({}),
      response: {
        clientDataJSON: bytes(1),
        authenticatorData: bytes(2),
        signature: bytes(3),
        userHandle: null,
      },
    });
    browser({ get });
    const answer = await showPasskey({
      challenge: "AQID",
      allowCredentials: [{ type: "public-key", id: "-_8" }],
    });
    const { publicKey } = get.mock.calls[0]?.[0] ?? {};
    expect(publicKey.challenge).toEqual(bytes(1, 2, 3));
    expect(publicKey.allowCredentials[0].id).toEqual(bytes(251, 255));
    expect(answer).toMatchObject({
      rawId: "-_8",
      response: { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw" },
    });
  });

  it.each([
    ["NotAllowedError", "passkey-cancelled"],
    ["InvalidStateError", "passkey-known"],
    ["UnknownError", "passkey-failed"],
  ])("say in words what %s means", async (name, code) => {
    browser({ create: () => Promise.reject(new DOMException("", name)) });
    await expect(makePasskey({ challenge: "AQID" })).rejects.toMatchObject({ name: "Problem", code });
  });

  it("are given up silently when the page no longer wants them", async () => {
    browser({ get: () => Promise.reject(new DOMException("", "AbortError")) });
    await expect(showPasskey({ challenge: "AQID" })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("travel in base64url", () => {
    expect(toBase64Url(bytes(251, 255, 191))).toBe("-_-_");
    expect(fromBase64Url("-_-_")).toEqual(bytes(251, 255, 191));
  });
});
