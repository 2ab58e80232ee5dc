import type { GiftCardWorth } from "@carat/api-client";
import { Problem } from "@carat/api-client";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AddedCards } from "./AddedCards";
import type { AddedCard } from "./use-means";

const code = "8Q2M7KX24HTN0WZC9D3ERVJB";
const euros = (amount: number) => ({ amount, currency: "EUR" });
const worth: GiftCardWorth = { value: euros(5000), balance: euros(5000), status: "active", expires_at: null };

afterEach(cleanup);

function show(card: Partial<AddedCard>) {
  const onRemove = vi.fn();
  const whole = { code, worth, error: null, gives: euros(3000), ...card };
  render(<AddedCards cards={[whole]} currency="EUR" onRemove={onRemove} />);
  return onRemove;
}

describe("gift cards at the checkout", () => {
  it("tell what they give and what stays on them, and only the end of their code", () => {
    show({});
    const row = screen.getByRole("listitem");
    expect(row.textContent).toContain("Gives €30.00; €20.00 stay on it");
    expect(row.textContent).toContain("RVJB");
    expect(row.textContent).not.toContain(code.slice(0, 8));
  });

  it("say when they are not needed", () => {
    show({ gives: euros(0) });
    expect(screen.getByText("Not needed; all of it stays on the card.")).toBeDefined();
  });

  it("say why they are of no use", () => {
    show({ worth: { ...worth, status: "redeemed", balance: euros(0) } });
    expect(screen.getByText("This gift card has been redeemed already.")).toBeDefined();
    cleanup();
    show({ worth: { ...worth, balance: { amount: 500, currency: "JPY" } } });
    expect(screen.getByText("It pays for pieces in JPY only.")).toBeDefined();
    cleanup();
    show({ worth: undefined, error: Problem.network() });
    expect(screen.getByText("We cannot reach the shop")).toBeDefined();
  });

  it("are removed one by one", () => {
    const onRemove = show({});
    fireEvent.click(screen.getByRole("button", { name: "Remove the gift card that ends with RVJB" }));
    expect(onRemove).toHaveBeenCalledExactlyOnceWith(code);
  });
});
