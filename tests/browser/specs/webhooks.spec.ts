/** Webhooks: a seller's system is told of what happens, and the seller sees whether it was. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expectAccessible } from "../support/axe";
import { signInAsSeller } from "../support/seller-app";
import { expect, test } from "../support/test";

interface Merchant {
  url: string;
  status: number;
  heard: { id: string; body: string }[];
  close: () => void;
}

/** A merchant's system on this machine. */
async function merchant(): Promise<Merchant> {
  const heard: Merchant["heard"] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      heard.push({ id: String(request.headers["webhook-id"]), body });
      response.writeHead(system.status).end(system.status === 200 ? "thank you" : "the warehouse is closed");
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const system: Merchant = { url, status: 500, heard, close: () => server.close() };
  return system;
}

test("a seller makes a webhook, tries it, sees why nothing arrived, and replays it", async ({
  page,
  seller,
}) => {
  const system = await merchant();
  await signInAsSeller(page, seller.email);
  await page.getByRole("link", { name: "Webhooks" }).click();
  await expect(page.getByRole("heading", { name: "Webhooks", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "New webhook" }).click();
  await expect(page.getByRole("heading", { name: "New webhook" })).toBeVisible();

  await page.getByRole("button", { name: "Make the webhook" }).click();
  await expect(page.getByText("Enter the address.")).toBeVisible();
  await page.getByRole("textbox", { name: "Address" }).fill(system.url);
  await page.getByRole("textbox", { name: "What you call it" }).fill("Warehouse");
  await page.getByRole("checkbox", { name: "An order was placed" }).check();
  await expect(page.getByText("gift_card.issued")).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath("new.png"), fullPage: true });
  await page.getByRole("button", { name: "Make the webhook" }).click();

  await expect(page.getByRole("heading", { name: "Your new webhook" })).toBeVisible();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  const secret = (await page.getByText(/^whsec_/).innerText()).trim();
  await page.screenshot({ path: test.info().outputPath("secret.png"), fullPage: true });
  await page.getByRole("link", { name: "To the webhook" }).click();
  await expect(page.getByRole("heading", { name: "Warehouse" })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByRole("button", { name: "Send a test" }).click();
  const deliveries = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
  await expect(deliveries).toHaveCount(1);
  await expect.poll(() => system.heard.length).toBe(1);
  await page.reload();
  await expect(page.getByText(/^Nothing has arrived since/)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("failing.png"), fullPage: true });
  await page.getByRole("link", { name: "webhook.test" }).click();
  await expect(page.getByRole("heading", { name: "webhook.test" })).toBeVisible();
  const tries = page.getByRole("list", { name: "Tries" }).getByRole("listitem");
  await expect(tries.first()).toContainText("Answered 500");
  await tries.first().getByText("How the answer begins").click();
  await expect(tries.first()).toContainText("the warehouse is closed");
  system.status = 200;
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText("Delivered", { exact: true })).toBeVisible();
  await expect(tries.first()).toContainText("Answered 200");
  await expectAccessible(page, "a delivery");
  await page.screenshot({ path: test.info().outputPath("delivery.png"), fullPage: true });
  expect(new Set(system.heard.map(({ id }) => id)).size).toBe(1);

  await page.getByRole("link", { name: "The webhook" }).click();
  await expect(page.getByRole("heading", { name: "Warehouse" })).toBeVisible();
  await expect(page.getByText(/^Nothing has arrived since/)).toHaveCount(0);
  await expectAccessible(page, "a webhook");
  await page.getByRole("button", { name: "Make a new secret" }).click();
  const asked = page.getByRole("dialog", { name: "Make a new secret?" });
  await asked.getByRole("button", { name: "Make a new secret" }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  expect((await page.getByText(/^whsec_/).innerText()).trim()).not.toBe(secret);
  await expect(page.getByText(/The one before signs, too/)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("webhook.png"), fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: test.info().outputPath("webhook-dark.png"), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });

  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("Nothing is sent to this webhook")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test" })).toBeDisabled();
  await page.getByRole("button", { name: "Remove" }).click();
  const removing = page.getByRole("dialog", { name: "Remove this webhook?" });
  await removing.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByRole("heading", { name: "Webhooks", level: 1 })).toBeVisible();
  await expect(page.getByText("No webhooks yet")).toBeVisible();
  system.close();
});
