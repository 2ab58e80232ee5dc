import { rememberSession, type User } from "@carat/api-client";
import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beginSession, endSession, followSession, sessionQuery, useSignedOut } from "./session";

const anna = { id: "u", email: "anna@example.com", name: "Anna" } as User;

describe("the session", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => vi.unstubAllGlobals());

  it("does not ask the server about a visitor who never signed in", async () => {
    const fetch = vi.fn();
    vi.stubGlobal("fetch", fetch);
    await expect(new QueryClient().fetchQuery(sessionQuery)).resolves.toBeNull();
    expect(fetch).not.toHaveBeenCalled();
  });

  it("ends when it is ended, and is not asked about again", async () => {
    const client = new QueryClient();
    rememberSession(900);
    beginSession(client, anna);
    endSession(client);
    expect(client.getQueryData(sessionQuery.queryKey)).toBeNull();
    expect(localStorage.length).toBe(0);
  });

  it("takes everything of its owner's with it, and leaves the cart", () => {
    const client = new QueryClient();
    beginSession(client, anna);
    client.setQueryData(["orders", "list"], [1]);
    client.setQueryData(["account", "addresses"], [1]);
    client.setQueryData(["cart"], { id: "c" });
    endSession(client);
    expect(client.getQueryData(["orders", "list"])).toBeUndefined();
    expect(client.getQueryData(["account", "addresses"])).toBeUndefined();
    expect(client.getQueryData(["cart"])).toEqual({ id: "c" });
  });

  it("says so when it has ended by itself, until someone signs in", async () => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    followSession(client);
    const told = renderHook(useSignedOut).result;
    rememberSession(900);
    beginSession(client, anna);
    vi.stubGlobal("fetch", async () => new Response('{"code":"token-revoked"}', { status: 401 }));
    await act(() => client.fetchQuery({ ...sessionQuery, staleTime: 0 }));
    expect(told.current).toBe(true);
    act(() => beginSession(client, anna));
    expect(told.current).toBe(false);
  });
});
