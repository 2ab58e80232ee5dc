/**
 * The cart, as the visitor sees it and changes it. Changes are sent one after the other; each answer is the whole cart, and
 * becomes the new truth under the changes that still wait.
 */
import { api, type Cart, call, type Problem, toProblem } from "@carat/api-client";
import {
  type QueryClient,
  queryOptions,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { cartId, forgetCartId } from "./cart-id";
import { type CartChange, isSuperseded, type Piece, withChanges } from "./changes";
import { sendChange } from "./send-change";

const mutationKey = ["cart", "change"];

export const cartQuery = queryOptions({
  queryKey: ["cart"],
  queryFn: async ({ signal }): Promise<Cart | null> => {
    const id = cartId();
    if (!id) return null;
    try {
      return await call(api.GET("/api/v1/carts/{id}", { params: { path: { id } }, signal }));
    } catch (error) {
      if (toProblem(error).status !== 404) throw error;
      // It may be the cart of an account, and there again after signing in: only a new cart takes its place.
      return null;
    }
  },
});

export function useCart() {
  const client = useQueryClient();
  const query = useQuery(cartQuery);
  const changes = useMutationState({
    filters: { mutationKey },
    select: ({ state }) => ({
      status: state.status,
      change: state.variables as CartChange,
      error: state.error,
    }),
  });
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: "cart" },
    mutationFn: async (change: CartChange) => {
      const later = pendingChanges(client).slice(1);
      const known = client.getQueryData(cartQuery.queryKey);
      return known && isSuperseded(change, later) ? known : sendChange(change);
    },
    onMutate: () => client.cancelQueries({ queryKey: cartQuery.queryKey }),
    onSuccess: (cart) => client.setQueryData(cartQuery.queryKey, cart),
    onError: () => client.invalidateQueries({ queryKey: cartQuery.queryKey }),
  });

  const pending = changes.filter(({ status }) => status === "pending").map(({ change }) => change);

  return {
    /** The server's cart with the pending changes laid over it. */
    cart: withChanges(query.data ?? null, pending),
    isLoading: query.isPending,
    error: query.data === undefined ? query.error : null,
    reload: () => void query.refetch(),
    isChanging: pending.length > 0,
    isLineChanging: (lineId: string) =>
      pending.some((change) => change.kind !== "add" && change.lineId === lineId),
    /** Why the last change of this line, or of a piece with this variant, did not work. */
    lineProblem: (lineId: string, variantId: string): Problem | undefined => {
      const last = changes.findLast(({ change }) => concerns(change, lineId, variantId));
      return last?.status === "error" ? toProblem(last.error) : undefined;
    },
    /** Why the last attempt to add something failed, while nothing has been changed since. */
    addProblem: (): Problem | undefined => {
      const last = changes.at(-1);
      return last?.status === "error" && last.change.kind === "add" ? toProblem(last.error) : undefined;
    },
    add: (piece: Piece, quantity: number) => mutate({ kind: "add", piece, quantity }),
    setQuantity: (lineId: string, quantity: number) => mutate({ kind: "set", lineId, quantity }),
    remove: (lineId: string) => mutate({ kind: "remove", lineId }),
  };
}

/** The cart has become an order: the next piece begins a new one. */
export function startNewCart(client: QueryClient) {
  forgetCartId();
  client.setQueryData(cartQuery.queryKey, null);
}

function pendingChanges(client: QueryClient): CartChange[] {
  return client
    .getMutationCache()
    .findAll({ mutationKey, status: "pending" })
    .map(({ state }) => state.variables as CartChange);
}

function concerns(change: CartChange, lineId: string, variantId: string): boolean {
  return change.kind === "add" ? change.piece.variant_id === variantId : change.lineId === lineId;
}
