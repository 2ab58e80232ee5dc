import { type Cart, Problem } from "@carat/api-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lostOrder, placeOrder } from "./place-order";

const line = (gift: unknown) => ({ gift }) as Cart["lines"][number];
const cart = { id: "c1", total: { amount: 12999, currency: "EUR" }, lines: [line(null)] };
const form = {
  email: "anna@example.com",
  shipping_address: {
    name: "Anna Berg",
    line1: "Gasse 1",
    line2: "",
    postal_code: "1010",
    city: "Wien",
    region: "",
    country: "AT",
  },
};

const json = (body: unknown, status: number) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const placed = () =>
  json(
    {
      order: { id: "o1", access_token: "t1" },
      payment: { id: "p", status: "pending", redirect_url: "/pay" },
    },
    201,
  );
const refused = (code: string, status: number) => json({ code, title: code }, status);

describe("placing an order", () => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();
  const keys = () => fetch.mock.calls.map(([request]) => request.headers.get("Idempotency-Key"));

  beforeEach(() => {
    sessionStorage.clear();
    fetch.mockReset();
    vi.stubGlobal("fetch", fetch);
  });
  afterEach(() => vi.unstubAllGlobals());

  it("sends the expected total and leaves out what is empty", async () => {
    fetch.mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).resolves.toMatchObject({ token: "t1", paymentPage: "/pay" });
    const body = await fetch.mock.calls[0]?.[0].json();
    expect(body.expected_total).toEqual(cart.total);
    expect(body.shipping_address).not.toHaveProperty("line2");
  });

  it("tells no address where nothing is shipped", async () => {
    fetch.mockImplementation(async () => placed());
    const gift = line({ recipient_email: "bob@example.com" });
    await placeOrder({ ...cart, lines: [gift] }, form);
    await placeOrder({ ...cart, lines: [gift, line(null)] }, form);
    const [mailed, shipped] = await Promise.all(fetch.mock.calls.map(([request]) => request.json()));
    expect(mailed).not.toHaveProperty("shipping_address");
    expect(shipped.shipping_address.city).toBe("Wien");
  });

  it("names gift cards in their order, and the balance, only where they are to be used", async () => {
    fetch.mockImplementation(async () => placed());
    await placeOrder(cart, form, { codes: ["B", "A"], useBalance: true });
    await placeOrder(cart, form, { codes: [], useBalance: false });
    const [first, second] = await Promise.all(fetch.mock.calls.map(([request]) => request.json()));
    expect(first).toMatchObject({ gift_card_codes: ["B", "A"], use_balance: true });
    expect(second).not.toHaveProperty("gift_card_codes");
    expect(second).not.toHaveProperty("use_balance");
  });

  it("leads to no payment page when nothing was left to pay", async () => {
    const paid = { order: { id: "o1", status: "paid" }, payment: { id: "p", status: "succeeded" } };
    fetch.mockResolvedValueOnce(json(paid, 201));
    await expect(placeOrder(cart, form)).resolves.toMatchObject({ paymentPage: undefined });
  });

  it("carries the same key again when the answer was lost on the way", async () => {
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).rejects.toMatchObject({ code: "network" });
    await placeOrder(cart, form);
    expect(keys()[0]).toBe(keys()[1]);
  });

  it("carries the same key again while the first request is still running", async () => {
    fetch.mockResolvedValueOnce(refused("idempotency-key-in-use", 409)).mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).rejects.toBeInstanceOf(Problem);
    await placeOrder(cart, form);
    expect(keys()[0]).toBe(keys()[1]);
  });

  it("takes a new key after a refusal, which would otherwise be repeated for ever", async () => {
    fetch.mockResolvedValueOnce(refused("insufficient-stock", 409)).mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).rejects.toMatchObject({ code: "insufficient-stock" });
    await placeOrder(cart, form);
    expect(keys()[0]).not.toBe(keys()[1]);
  });

  it("takes a new key for other details", async () => {
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).rejects.toBeInstanceOf(Problem);
    await placeOrder(cart, { ...form, email: "other@example.com" });
    expect(keys()[0]).not.toBe(keys()[1]);
  });

  it("finds an order whose answer was lost, also after a reload", async () => {
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValueOnce(placed());
    await expect(placeOrder(cart, form)).rejects.toBeInstanceOf(Problem);
    await expect(lostOrder(cart)?.()).resolves.toMatchObject({ order: { id: "o1" } });
    expect(keys()[0]).toBe(keys()[1]);
  });

  it("looks for no lost order where every answer arrived, or for another cart", async () => {
    fetch.mockResolvedValueOnce(placed()).mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await placeOrder(cart, form);
    expect(lostOrder(cart)).toBeUndefined();
    await expect(placeOrder(cart, form)).rejects.toBeInstanceOf(Problem);
    expect(lostOrder({ id: "c2" })).toBeUndefined();
  });
});
