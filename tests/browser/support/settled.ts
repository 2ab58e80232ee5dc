/** Waits until a page shows what it is about: its heading is there, and nothing on it is being loaded. */
import { expect, type Page } from "@playwright/test";

export async function settled(page: Page) {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}
