import type { User } from "@carat/api-client";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beginSession, endSession, sessionQuery } from "./session";

const anna: User = {
  id: "u",
  email: "anna@example.com",
  name: "Anna",
  role: "customer",
  shop_name: null,
  email_verified: true,
  created_at: "2026-11-21T06:12:00Z",
};

describe("the session", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => vi.unstubAllGlobals());

  it("does not ask the server about a visitor who never signed in", async () => {
    const fetch = vi.fn();
    vi.stubGlobal("fetch", fetch);
    await expect(new QueryClient().fetchQuery(sessionQuery)).resolves.toBeNull();
    expect(fetch).not.toHaveBeenCalled();
  });

  it("ends when the server no longer knows it, and is not asked about again", async () => {
    const client = new QueryClient();
    beginSession(client, anna);
    endSession(client);
    expect(client.getQueryData(sessionQuery.queryKey)).toBeNull();
    expect(localStorage.getItem("carat.signed-in")).toBeNull();
  });

  it("takes the owner's orders with it, and leaves the cart", () => {
    const client = new QueryClient();
    beginSession(client, anna);
    client.setQueryData(["orders", "list"], [1]);
    client.setQueryData(["cart"], { id: "c" });
    endSession(client);
    expect(client.getQueryData(["orders", "list"])).toBeUndefined();
    expect(client.getQueryData(["cart"])).toEqual({ id: "c" });
  });
});
