/**
 * `test` for this suite: with a shop for the worker, the API for preparations, one seller, and a watch over every page that
 * fails the test at its end when a page did what none may do.
 */
import { type BrowserContext, test as base, expect } from "@playwright/test";
import { type Account, Api, type Piece } from "./api";
import { openShop } from "./shop";
import { Watch } from "./watch";

interface OfWorker {
  api: Api;
  seller: Account;
}

interface OfTest {
  watch: Watch;
  /** A piece of this test alone. */
  putOnSale: (piece?: Parameters<Api["putOnSale"]>[1]) => Promise<Piece>;
  /** Another browser, watched like the first. */
  anotherBrowser: () => Promise<BrowserContext>;
}

export const test = base.extend<OfTest, OfWorker>({
  api: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures from here.
    async ({}, use) => {
      const shop = await openShop();
      await use(new Api(shop.url));
      await shop.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  seller: [async ({ api }, use) => use(await api.seller()), { scope: "worker" }],
  baseURL: async ({ api }, use) => use(api.url),
  watch: [
    async ({ api, context }, use) => {
      const watch = new Watch(api.url);
      await watch.follow(context);
      await use(watch);
      expect.soft(watch.faults, "what no page may do").toEqual([]);
    },
    { auto: true },
  ],
  putOnSale: async ({ api, seller }, use) => use((piece) => api.putOnSale(seller, piece)),
  anotherBrowser: async ({ browser, api, watch, contextOptions, viewport }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, viewport, baseURL: api.url });
      await watch.follow(context);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

export { expect };
