import { one, parseSearch, stringifySearch } from "@carat/api-client";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Pager } from "./Pager";

/** A list of three pages: the first, "b" and "c". */
function open(address: string) {
  const root = createRootRoute();
  const list = createRoute({
    getParentRoute: () => root,
    path: "/list",
    validateSearch: (search: Record<string, unknown>): { q?: string; cursor?: string } => ({
      q: one(search.q),
      cursor: one(search.cursor),
    }),
    component: function List() {
      const { cursor } = list.useSearch();
      const next = { first: "b", b: "c", c: null }[cursor ?? "first"] ?? null;
      return (
        <main id="main" tabIndex={-1}>
          <Pager shown={25} noun="users" cursor={cursor} next={next} />
        </main>
      );
    },
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([list]), history, parseSearch, stringifySearch });
  vi.spyOn(window, "scrollTo").mockReturnValue(undefined);
  render(<RouterProvider router={router as never} />);
  return router;
}

const link = (name: string) => screen.queryByRole("link", { name });
const press = async (name: string) => fireEvent.click(await screen.findByRole("link", { name }));

afterEach(cleanup);

describe("the pages of a list", () => {
  it("go on and back in the address, and keep the filters", async () => {
    const router = open("/list?q=anna");
    await press("Next page");
    await waitFor(() => expect(router.state.location.href).toBe("/list?q=anna&cursor=b"));
    expect(await screen.findByText("Page 2, 25 users")).toBeDefined();
    await press("Next page");
    await screen.findByText("Page 3, 25 users");
    expect(link("Next page")).toBeNull();
    await press("Back");
    await waitFor(() => expect(router.state.location.href).toBe("/list?q=anna&cursor=b"));
    await press("Back");
    await waitFor(() => expect(router.state.location.href).toBe("/list?q=anna"));
    expect(link("Back")).toBeNull();
  });

  it("lead from a shared address to the first page", async () => {
    const router = open("/list?cursor=c");
    expect(await screen.findByText("25 users")).toBeDefined();
    await press("First page");
    await waitFor(() => expect(router.state.location.href).toBe("/list"));
  });

  it("put the keyboard at the top of the page that comes", async () => {
    open("/list");
    await press("Next page");
    await screen.findByText("Page 2, 25 users");
    expect(document.activeElement?.id).toBe("main");
  });
});
