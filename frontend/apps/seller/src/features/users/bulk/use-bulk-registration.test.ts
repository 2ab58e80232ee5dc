import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { readTable } from "./rows";
import { atOnce, outcomesOf, parcelsOf, useBulkRegistration } from "./use-bulk-registration";

const people = (count: number) =>
  readTable(Array.from({ length: count }, (_, at) => `p${at}@example.com,,,,Carat-demo-1`).join("\n")).rows;

const wrapper = ({ children }: { children: ReactNode }) =>
  createElement(QueryClientProvider, { client: new QueryClient() }, children);

/** A server that registers everybody, but answers the calls in `broken` with 503. */
function serve(broken: number[] = []) {
  const calls: { key: string | null; emails: string[] }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    const { users } = (await request.json()) as { users: { email: string }[] };
    calls.push({ key: request.headers.get("Idempotency-Key"), emails: users.map(({ email }) => email) });
    if (broken.includes(calls.length)) return Response.json({ code: "unavailable" }, { status: 503 });
    const results = users.map((_, index) => ({ index, status: "created", id: `id-${index}` }));
    return Response.json({ created: users.length, failed: 0, results });
  });
  return calls;
}

describe("registering many people", () => {
  it("goes a few at a time, each few with a key of their own", () => {
    const parcels = parcelsOf(people(60));
    expect(parcels.map(({ rows }) => rows.length)).toEqual([atOnce, atOnce, 10]);
    expect(new Set(parcels.map(({ key }) => key)).size).toBe(3);
  });

  it("tells the outcome of each row, whatever the order of the answer", () => {
    const rows = people(3);
    const results = [
      { index: 2, id: "c" },
      { index: 0, errors: [{ pointer: "/email", code: "taken", message: "Taken." }] },
    ];
    expect(outcomesOf(rows, results).map(({ id, faults }) => [id, faults])).toEqual([
      [undefined, ["Taken."]],
      [undefined, ["The server did not say why."]],
      ["c", []],
    ]);
  });

  it("goes on after a break with the very same request", async () => {
    const calls = serve([2]);
    const { result } = renderHook(() => useBulkRegistration(), { wrapper });
    act(() => result.current.start(people(60)));
    await waitFor(() => expect(result.current.progress?.problem?.status).toBe(503));
    expect(result.current.progress?.outcomes).toHaveLength(25);
    act(() => void result.current.goOn());
    await waitFor(() => expect(result.current.progress?.outcomes).toHaveLength(60));
    await waitFor(() => expect(result.current.progress?.sending).toBe(false));
    expect(calls).toHaveLength(4);
    expect(calls[2]).toEqual(calls[1]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
  });
});
