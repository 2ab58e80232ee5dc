import { parseSearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { parseOrderSearch } from "./list-search";

describe("the address of the list of orders", () => {
  it("says which status is shown", () => {
    expect(parseOrderSearch(parseSearch("?status=pending_payment"))).toEqual({ status: "pending_payment" });
  });

  it("shows all orders for a status that it does not know", () => {
    expect(parseOrderSearch(parseSearch("?status=lost&cursor=x"))).toEqual({});
  });
});
