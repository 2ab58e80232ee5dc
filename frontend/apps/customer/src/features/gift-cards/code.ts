/**
 * The code of a gift card as people type and paste it: 24 characters in groups of four. Case, dashes and spaces don't count, and
 * letters that look like digits are taken for them, as the server does.
 */
const length = 24;
const group = 4;

/** A whole code within other words, such as a mail's. */
const within = /(?<![0-9A-Z])[0-9A-Z]{4}(?:[-\u2010-\u2015][0-9A-Z]{4}){5}(?![0-9A-Z])/i;

/** The characters of a code, in capitals, as far as they fit. */
export function charactersOf(text: string): string {
  return (within.exec(text)?.[0] ?? text)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/[IL]/g, "1")
    .replaceAll("O", "0")
    .slice(0, length);
}

/** In groups: `8Q2M-7KX2-4H`. */
export function grouped(characters: string): string {
  return characters.replace(/(.{4})(?=.)/g, "$1-");
}

export function isWhole(characters: string): boolean {
  return characters.length === length;
}

/** What can be seen to be wrong before the server is asked. */
export function faultOf(characters: string): string | undefined {
  if (characters === "") return "Enter the code of your gift card.";
  if (characters.includes("U")) return "Our codes never have the letter U. Is it a V?";
  const missing = length - characters.length;
  if (missing === 1) return "One character is missing.";
  return missing > 0 ? `${missing} characters are missing. A code has six groups of four.` : undefined;
}

interface Edit {
  text: string;
  caret: number;
}

/** A text that was just edited, in groups, with the caret behind the character where it was. */
export function regrouped({ text, caret }: Edit, steppedOverDash = false): Edit {
  const characters = charactersOf(text);
  const before = Math.min(charactersOf(text.slice(0, caret)).length, characters.length);
  const dashes = Math.max(0, Math.ceil(before / group) - 1);
  return { text: grouped(characters), caret: before + dashes + (steppedOverDash ? 1 : 0) };
}
