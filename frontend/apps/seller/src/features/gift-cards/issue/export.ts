/** New gift cards as a file: the only place, beside paper and the clipboard, where their codes are kept. */
import type { NewGiftCard } from "@carat/api-client";
import { lastMomentOf, toDecimal } from "@carat/ui";
import { asText, writeCsv } from "../../../app/csv";

export function codesAsCsv(cards: NewGiftCard[]): string {
  return writeCsv([
    ["code", "value", "currency", "good_until", "recipient_email"],
    ...cards.map(({ code, value, expires_at, recipient_email }) => [
      code,
      toDecimal(value),
      value.currency,
      expires_at ? dayOf(lastMomentOf(expires_at)) : "",
      asText(recipient_email ?? ""),
    ]),
  ]);
}

function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
