import { rememberSession, type User } from "@carat/api-client";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { beginSession, endSession, sessionQuery } from "./session";

const user = { id: "u1", email: "a@example.com", role: "seller" } as User;
const refuse = () =>
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ code: "x" }, { status: 401 }));

let client: QueryClient;
const ask = () => client.fetchQuery({ ...sessionQuery, staleTime: 0, retry: false });

beforeEach(() => {
  localStorage.clear();
  client = new QueryClient();
});

describe("the session", () => {
  it("does not ask the server where nobody ever signed in", async () => {
    const fetch = refuse();
    expect(await ask()).toBeNull();
    expect(fetch).not.toHaveBeenCalled();
  });

  it("is over when the server says so at the first visit", async () => {
    rememberSession(900);
    refuse();
    expect(await ask()).toBeNull();
  });

  it("keeps the seller's page when it ends while they work", async () => {
    beginSession(client, user);
    refuse();
    expect(await ask()).toEqual(user);
  });

  it("shows nothing of one seller to the next", () => {
    beginSession(client, user);
    client.setQueryData(["orders"], ["secret"]);
    beginSession(client, { ...user, id: "u2" });
    expect(client.getQueryData(["orders"])).toBeUndefined();
  });

  it("forgets everything when the seller signs out", () => {
    beginSession(client, user);
    client.setQueryData(["orders"], ["secret"]);
    endSession(client);
    expect(client.getQueryData(["orders"])).toBeUndefined();
    expect(client.getQueryData(sessionQuery.queryKey)).toBeNull();
  });
});
