/**
 * Turns the cart into an order, once. The same cart with the same details carries the same idempotency key until the server has
 * given its final word, so that a reload, a second click or a lost answer never orders twice.
 */
import {
  api,
  type Cart,
  type CheckoutRequest,
  call,
  forgetIdempotencyKey,
  keptIdempotencyKey,
  keptRequest,
  type Order,
  toProblem,
} from "@carat/api-client";
import { isShipped } from "../cart/shipped";
import { type CheckoutForm, withoutEmpty } from "./schema";

const keyName = "carat.checkout";

/** What came of it: the order, the way to it, and the page where it is paid, if anything is left to pay. */
export interface PlacedOrder {
  order: Order;
  token: string | undefined;
  paymentPage: string | undefined;
}

/** With what is paid before the card. */
export interface ChosenMeans {
  /** Codes of gift cards, in the order in which they are to be used. */
  codes: string[];
  useBalance: boolean;
}

export async function placeOrder(
  cart: Pick<Cart, "id" | "total" | "lines">,
  form: CheckoutForm,
  { codes, useBalance }: ChosenMeans = { codes: [], useBalance: false },
): Promise<PlacedOrder> {
  const body: CheckoutRequest = {
    email: form.email,
    ...(isShipped(cart) && { shipping_address: withoutEmpty(form.shipping_address) }),
    expected_total: cart.total,
    ...(codes.length > 0 && { gift_card_codes: codes }),
    ...(useBalance && { use_balance: true }),
    success_url: "/orders/{ORDER_ID}?token={ACCESS_TOKEN}&paid=1",
    cancel_url: "/orders/{ORDER_ID}?token={ACCESS_TOKEN}",
  };
  return send({ cart: cart.id, body });
}

/**
 * The way to an order whose answer never arrived: the kept request is sent once more with its key, and the server repeats its
 * answer. Undefined where nothing of this cart is waiting for an answer.
 */
export function lostOrder(cart: Pick<Cart, "id">): (() => Promise<PlacedOrder>) | undefined {
  const attempt = keptRequest(keyName) as Attempt | undefined;
  return attempt?.cart === cart.id ? () => send(attempt) : undefined;
}

interface Attempt {
  cart: string;
  body: CheckoutRequest;
}

async function send(attempt: Attempt): Promise<PlacedOrder> {
  const key = keptIdempotencyKey(keyName, attempt);
  const params = { path: { id: attempt.cart }, header: { "Idempotency-Key": key } };
  try {
    const { order, payment } = await call(
      api.POST("/api/v1/carts/{id}/checkout", { params, body: attempt.body }),
    );
    forgetIdempotencyKey(keyName);
    return { order, token: order.access_token, paymentPage: payment.redirect_url ?? undefined };
  } catch (error) {
    const problem = toProblem(error);
    const undecided = problem.isTemporary || problem.code === "idempotency-key-in-use";
    if (!undecided) forgetIdempotencyKey(keyName);
    throw problem;
  }
}
