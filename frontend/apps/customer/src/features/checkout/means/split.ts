/** How a total is shared among gift cards, the balance and the card, by the server's rule: cards in their order, then the balance. */
import type { Money } from "@carat/api-client";

export interface Split {
  /** What each of the gift cards gives, in their order; nothing where those before were enough. */
  cards: Money[];
  balance: Money;
  /** What is left for the card. */
  rest: Money;
}

export function splitOf(total: Money, cards: Money[], balance: Money | undefined): Split {
  const { currency } = total;
  let left = total.amount;
  const take = (from: Money | undefined): Money => {
    const amount = from?.currency === currency ? Math.min(left, Math.max(from.amount, 0)) : 0;
    left -= amount;
    return { amount, currency };
  };
  const taken = cards.map(take);
  return { cards: taken, balance: take(balance), rest: { amount: left, currency } };
}
