import type { AdminUser } from "@carat/api-client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RolePanel } from "./RolePanel";

const ada = {
  id: "u1",
  email: "ada@example.com",
  name: "Ada",
  role: "customer",
  shop_name: null,
  status: "active",
} as AdminUser;

const sent: unknown[] = [];

function answer(body: unknown, status = 200) {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    if (request.method !== "PATCH") return Response.json({}, { status: 404 });
    sent.push(await request.json());
    return Response.json(body, { status });
  });
}

function choose(role: string) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RolePanel user={ada} />
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole("radio", { name: new RegExp(`^${role}`) }));
  fireEvent.click(screen.getByRole("button", { name: "Change role…" }));
}

const confirm = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

beforeEach(() => {
  sent.length = 0;
});
afterEach(cleanup);

describe("changing a role", () => {
  it("does nothing before it is confirmed", () => {
    answer(ada);
    choose("Administrator");
    expect(screen.getByRole("dialog", { name: "Make Ada an administrator?" })).toBeDefined();
    expect(sent).toEqual([]);
  });

  it("asks a seller's shop name, and sends it along", async () => {
    answer({ ...ada, role: "seller", shop_name: "Atelier Ada" });
    choose("Seller");
    confirm("Make a seller");
    expect(screen.getByText("Give the shop a name.")).toBeDefined();
    fireEvent.change(screen.getByRole("textbox", { name: "Shop name" }), {
      target: { value: " Atelier Ada " },
    });
    confirm("Make a seller");
    await waitFor(() => expect(screen.queryByRole("textbox", { name: "Shop name" })).toBeNull());
    expect(sent).toEqual([{ role: "seller", shop_name: "Atelier Ada" }]);
  });

  it("shows what the server says against it, and forgets the choice when it is left alone", async () => {
    answer({ code: "last-admin", title: "One administrator must stay." }, 409);
    choose("Administrator");
    confirm("Make an administrator");
    expect(await screen.findByText("One administrator must stay.")).toBeDefined();
    confirm("Leave it");
    expect((screen.getByRole("radio", { name: /^Customer/ }) as HTMLInputElement).checked).toBe(true);
  });
});
