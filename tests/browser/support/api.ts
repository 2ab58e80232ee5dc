/**
 * What a test needs before its story begins, made by the API: sellers, customers, pieces on sale. It is also the second
 * device in stories where something happens elsewhere.
 */
import { randomUUID } from "node:crypto";
import { codeFor } from "./mailbox";

export const password = "Carat-demo-1";
export const demoCustomer = "customer@example.com";
export const demoAdmin = "admin@example.com";
export const demoSeller = "maison-aurelie@example.com";

export interface Account {
  email: string;
  token: string;
}

export interface Piece {
  id: string;
  slug: string;
  title: string;
  variants: { id: string; stock: number }[];
}

export interface IssuedCard {
  id: string;
  code: string;
}

export class Api {
  constructor(readonly url: string) {}

  async send<Answer = unknown>(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": randomUUID(),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return JSON.parse(answer) as Answer;
  }

  async customer(): Promise<Account> {
    return this.account({ name: "Ada Lovelace" });
  }

  async seller(shop_name = "Atelier Essai"): Promise<Account> {
    return this.account({ name: "Signe Essai", role: "seller", shop_name });
  }

  /** An account whose address is not verified yet. */
  async person(details: object = {}): Promise<{ email: string }> {
    const email = freshEmail();
    await this.send("POST", "/auth/register", { email, password, ...details });
    return { email };
  }

  async logIn(email: string): Promise<Account> {
    const { access_token } = await this.send<{ access_token: string }>("POST", "/auth/login", {
      email,
      password,
    });
    return { email, token: access_token };
  }

  async putOnSale(
    seller: Account,
    piece: { stock?: number; amount?: number; title?: string } = {},
  ): Promise<Piece> {
    const { stock = 5, amount = 12_900, title = unique("Test ring") } = piece;
    const price = { amount, currency: "EUR" };
    return this.send("POST", "/seller/products", { title, price, stock, category: "rings" }, seller.token);
  }

  /** A product whose pieces are gift cards of this value. */
  async putGiftCardOnSale(seller: Account, amount: number): Promise<Piece> {
    const piece = await this.putOnSale(seller, { amount, title: unique("Gift card"), stock: 0 });
    const { token } = await this.logIn(demoAdmin);
    await this.send("PATCH", `/admin/products/${piece.id}`, { gift_card: true }, token);
    return piece;
  }

  /** Somebody else buys so many of a piece, as a guest. */
  async buy({ variants }: Piece, quantity: number): Promise<void> {
    const cart = await this.send<{ id: string }>("POST", "/carts", {});
    await this.send("POST", `/carts/${cart.id}/lines`, { variant_id: variants[0]?.id, quantity });
    await this.send("POST", `/carts/${cart.id}/checkout`, {
      email: freshEmail(),
      shipping_address: somewhere,
    });
  }

  /** An admin issues a card of this value. */
  async issueGiftCard(
    amount: number,
    { currency = "EUR", ...wish }: { currency?: string; expires_at?: string } = {},
  ): Promise<IssuedCard> {
    const { token } = await this.logIn(demoAdmin);
    const body = { value: { amount, currency }, ...wish };
    const { data } = await this.send<{ data: [IssuedCard] }>("POST", "/gift-cards", body, token);
    return data[0];
  }

  async disableGiftCard(id: string): Promise<void> {
    const { token } = await this.logIn(demoAdmin);
    await this.send("PATCH", `/gift-cards/${id}`, { status: "disabled" }, token);
  }

  /** A product as everybody sees it. */
  async product(slug: string): Promise<{ gift_card: boolean; in_stock: boolean }> {
    return this.send("GET", `/products/${slug}`);
  }

  async checkGiftCard(code: string): Promise<{ status: string }> {
    return this.send("POST", "/gift-cards/check", { code });
  }

  private async account(details: object): Promise<Account> {
    const { email } = await this.person(details);
    await this.send("POST", "/auth/verify-email", { email, code: await codeFor(this.url, email) });
    return this.logIn(email);
  }
}

export const somewhere = {
  name: "Ada Lovelace",
  line1: "12 rue des Tanneurs",
  postal_code: "44000",
  city: "Nantes",
  country: "FR",
};

export function unique(word: string): string {
  return `${word} ${randomUUID().slice(0, 8)}`;
}

export function freshEmail(): string {
  return `${randomUUID()}@example.com`;
}
