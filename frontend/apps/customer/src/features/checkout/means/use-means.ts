/** The gift cards and the balance that are to pay for the cart: what each of them gives, and what is left for the card. */
import { api, type Cart, call, type GiftCardWorth, type Money, type User } from "@carat/api-client";
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { balanceQuery } from "../../ledger/queries";
import { type KeptMeans, keepMeans, readMeans } from "./kept-means";
import { splitOf } from "./split";

/** As many as the server takes. */
export const mostCards = 10;

export interface AddedCard {
  code: string;
  /** Unknown until the server has looked at the code. */
  worth: GiftCardWorth | undefined;
  /** Why the server did not tell. */
  error: Error | null;
  /** What it gives to this order. */
  gives: Money;
}

export type Means = ReturnType<typeof useMeans>;

/** What a code is worth. It is asked again when somebody comes back to it: another may have used the card. */
export function worthQuery(code: string) {
  return queryOptions({
    queryKey: ["gift-card", code],
    queryFn: () => call(api.POST("/api/v1/gift-cards/check", { body: { code } })),
    retry: false,
    staleTime: 30_000,
  });
}

export function useMeans(cart: Pick<Cart, "total">, user: User | undefined) {
  const [kept, setKept] = useState(readMeans);
  const change = (next: KeptMeans) => {
    setKept(next);
    keepMeans(next);
  };
  const worths = useQueries({ queries: kept.codes.map(worthQuery) });
  const balances = useQuery({ ...balanceQuery, enabled: user !== undefined });
  const { currency } = cart.total;
  const found = user && balances.data?.find((balance) => balance.currency === currency);
  const balance = found && found.amount > 0 ? found : undefined;
  const usesBalance = kept.useBalance && balance !== undefined;
  const nothing = { amount: 0, currency };
  const usable = worths.map(({ data }) => (data?.status === "active" ? data.balance : nothing));
  const split = splitOf(cart.total, usable, usesBalance ? balance : undefined);
  const cards: AddedCard[] = kept.codes.map((code, index) => ({
    code,
    worth: worths[index]?.data,
    error: worths[index]?.error ?? null,
    gives: split.cards[index] ?? nothing,
  }));
  return {
    cards,
    /** What the customer has in the cart's currency, if anything. */
    balance,
    usesBalance,
    split,
    /** Whether each card was looked at, and can be used. */
    isReady: cards.every(({ worth }) => worth?.status === "active" && worth.balance.currency === currency),
    add: (code: string) => change({ ...kept, codes: [...kept.codes, code] }),
    remove: (code: string) => change({ ...kept, codes: kept.codes.filter((other) => other !== code) }),
    setUsesBalance: (useBalance: boolean) => change({ ...kept, useBalance }),
  };
}
