import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import early from "../../../public/early.js?raw";
import { newestProducts, productList, productQuery } from "./queries";

/** What `early.js` asks for on a page, before the app has loaded. */
function askedEarlyAt(address: string): string[] {
  window.history.replaceState(null, "", address);
  const append = vi.spyOn(document.head, "append").mockImplementation(() => {});
  new Function(early)();
  return append.mock.calls.map(([link]) => (link as HTMLLinkElement).getAttribute("href") ?? "");
}

describe("the request that is sent before the app has loaded", () => {
  const fetch = vi.fn(async (_request: Request) => new Response('{"data":[],"next_cursor":null}'));
  const askedByTheApp = () => fetch.mock.calls.map(([{ url }]) => url.replace(location.origin, ""));
  const client = new QueryClient();

  beforeEach(() => {
    fetch.mockClear();
    vi.stubGlobal("fetch", fetch);
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is the home page's own", async () => {
    const early = askedEarlyAt("/");
    await client.fetchQuery(newestProducts);
    expect(early).toEqual(askedByTheApp());
  });

  it("is the product list's own", async () => {
    const early = askedEarlyAt("/products");
    await client.fetchInfiniteQuery(productList({}));
    expect(early).toEqual(askedByTheApp());
  });

  it("is the product page's own", async () => {
    const early = askedEarlyAt("/products/aurore-solitaire-ring");
    await client.fetchQuery(productQuery("aurore-solitaire-ring"));
    expect(early).toEqual(askedByTheApp());
  });

  it("is none where the page depends on more than its path", () => {
    expect(askedEarlyAt("/products?q=ring")).toEqual([]);
    expect(askedEarlyAt("/cart")).toEqual([]);
  });
});
