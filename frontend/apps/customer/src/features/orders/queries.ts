/** What the storefront asks about orders: the visitor's own, or a guest's by the token that came with it. */
import { api, call, type Order } from "@carat/api-client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { isHeld } from "./status";

const second = 1_000;

export function orderQuery(id: string, token: string | undefined) {
  return queryOptions({
    queryKey: ["orders", "one", id, token ?? null],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/orders/{id}", { params: { path: { id }, query: { token } }, signal })),
  });
}

/** The gift cards of an order. They are made a moment after it is paid, and sent a moment later. */
export function giftsQuery(id: string, token: string | undefined) {
  return queryOptions({
    queryKey: ["orders", "gifts", id, token ?? null],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { token } };
      return (await call(api.GET("/api/v1/orders/{id}/gifts", { params, signal }))).data;
    },
    refetchInterval: ({ state: { data, dataUpdateCount } }) => {
      const settled = data && data.length > 0 && data.every(({ status }) => status !== "sending");
      return settled || dataUpdateCount > 30 ? false : second;
    },
  });
}

export const ordersQuery = infiniteQueryOptions({
  queryKey: ["orders", "list"],
  queryFn: ({ pageParam: cursor, signal }) =>
    call(api.GET("/api/v1/orders", { params: { query: { limit: 20, cursor } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

/** How long the gateway's word usually takes to arrive. */
export const confirmationTime = 30 * second;

/** How long the gateway's refusal may take, when somebody comes back from it without having paid. */
const refusalTime = 10 * second;

/**
 * When to look at an order again: every second at first, since the gateway's word may be on its way, then more calmly; an order
 * that nobody has paid may still be paid in another tab, or expire.
 */
export function pollingInterval(order: Order | undefined, justPaid: boolean, waited: number): number | false {
  if (order?.status !== "pending_payment") return false;
  if (isHeld(order)) return 30 * second;
  if (waited < (justPaid ? confirmationTime : refusalTime)) return second;
  return justPaid ? 5 * second : 15 * second;
}
