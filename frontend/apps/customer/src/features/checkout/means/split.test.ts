import { describe, expect, it } from "vitest";
import { splitOf } from "./split";

const euros = (amount: number) => ({ amount, currency: "EUR" });

describe("sharing a total", () => {
  it("takes gift cards in their order, then the balance, and leaves the rest for the card", () => {
    expect(splitOf(euros(100), [euros(30), euros(20)], euros(15))).toEqual({
      cards: [euros(30), euros(20)],
      balance: euros(15),
      rest: euros(35),
    });
  });

  it("takes no more than is needed", () => {
    expect(splitOf(euros(100), [euros(80), euros(50), euros(10)], euros(15))).toEqual({
      cards: [euros(80), euros(20), euros(0)],
      balance: euros(0),
      rest: euros(0),
    });
  });

  it("takes nothing of another currency, and nothing of a balance that is not to be used", () => {
    const yen = { amount: 5000, currency: "JPY" };
    expect(splitOf(euros(100), [yen], undefined)).toMatchObject({ cards: [euros(0)], rest: euros(100) });
  });
});
