/** Movements of money as sentences, told to whoever it moved to or from. */
import type { Transaction, TransactionKind, User } from "@carat/api-client";

export type Piece = { text: string } | { order: string; id: string; sold: boolean };

type Told = Pick<Transaction, "kind" | "amount" | "description" | "order_id">;

/** What stands in brackets leads to the order. The second sentence is for money that leaves, where that is another story. */
const sentences: Record<TransactionKind, [came: string, left?: string]> = {
  top_up: ["You paid into your balance"],
  order_held: ["Your balance was used for [an order]"],
  order_paid: ["You sold pieces in [an order]", "You paid for [an order] by card"],
  order_hold_released: ["[An order] was not paid, and gave back what it had taken"],
  gift_card_issued: ["A gift card was issued"],
  gift_card_sold: ["You sold a gift card in [an order]"],
  gift_card_voided: ["A gift card from [an order] was taken back"],
  gift_card_redeemed: ["You redeemed a gift card"],
  gift_card_expired: ["A gift card expired"],
  refund: ["You got money back from [an order]", "Money for [an order] went back to your customer"],
  refund_failed: [
    "A refund for [an order] came back to you",
    "A refund for [an order] did not reach your card",
  ],
  dispute: ["A payment for [an order] was disputed"],
  dispute_won: ["The dispute about [an order] was won"],
  dispute_fee: ["A fee was kept for the dispute about [an order]"],
  dispute_fee_returned: ["The fee for the dispute about [an order] was given back"],
  payout: ["Your earnings were sent to you"],
  payout_failed: ["A payout came back, and is owed to you again"],
};

/** The same kinds, where they are about what somebody has paid into their balance. */
const ofTopUps: Partial<Record<TransactionKind, string>> = {
  refund: "Money from your balance went back to your card",
  refund_failed: "Money for your card did not reach it, and came back",
  dispute: "You disputed a payment into your balance",
  dispute_won: "A payment that you had disputed stands",
};

/** Whether it is about what they sold; else it is about what they bought. */
function isSale({ kind, amount }: Told): boolean {
  if (["gift_card_sold", "gift_card_voided", "dispute", "dispute_won"].includes(kind)) return true;
  if (kind === "refund_failed") return amount.amount > 0;
  return (kind === "order_paid" && amount.amount > 0) || (kind === "refund" && amount.amount < 0);
}

export function sentenceOf(movement: Told): Piece[] {
  const ofTopUp = movement.order_id === null ? ofTopUps[movement.kind] : undefined;
  if (ofTopUp) return [{ text: ofTopUp }];
  const known = sentences[movement.kind];
  // A kind that this page does not know yet is told in the server's words.
  const sentence = known
    ? (movement.amount.amount < 0 && known[1]) || known[0]
    : movement.description.replace(/[[\]]/g, "");
  return sentence
    .split(/(\[[^\]]+\])/)
    .filter(Boolean)
    .map((part) => {
      const text = part.replace(/^\[|\]$/g, "");
      const { order_id: id } = movement;
      return part !== text && id ? { order: text, id, sold: isSale(movement) } : { text };
    });
}

export function sentenceText(movement: Told): string {
  return sentenceOf(movement)
    .map((piece) => ("text" in piece ? piece.text : piece.order))
    .join("");
}

type Option = [kind: TransactionKind, name: string];

const ofEverybody: Option[] = [
  ["gift_card_redeemed", "Gift cards redeemed"],
  ["top_up", "Paid into the balance"],
  ["order_held", "Balance used for orders"],
  ["order_hold_released", "Given back by orders"],
  ["order_paid", "Orders paid by card"],
  ["refund", "Money back"],
];

const ofSellers: Option[] = [
  ["gift_card_redeemed", "Gift cards redeemed"],
  ["top_up", "Paid into the balance"],
  ["order_held", "Balance used for orders"],
  ["order_hold_released", "Given back by orders"],
  ["order_paid", "Sales, and orders paid by card"],
  ["refund", "Refunds"],
  ["payout", "Earnings sent to you"],
];

/** The kinds by which one can filter. */
export function kindOptions(role: User["role"]): Option[] {
  return role === "seller" ? ofSellers : ofEverybody;
}
