/** The six digits of an authenticator app (RFC 6238), computed as the app on a phone would. */
import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const seconds = 30;

/** `later` is how many steps ahead the phone's clock is: a code is good once, so the next sign-in needs the next code. */
export function totp(secret: string, later = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / seconds) + later));
  const digest = createHmac("sha1", decode(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function decode(secret: string): Buffer {
  const bits = [...secret.replace(/[\s=]/g, "")].map((letter) =>
    alphabet.indexOf(letter.toUpperCase()).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
