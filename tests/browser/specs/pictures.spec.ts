/** The pictures of a piece: from the seller's files into the shop. */
import type { Page } from "@playwright/test";
import { png } from "../support/png";
import { signInAsSeller } from "../support/seller-app";
import { expect, test } from "../support/test";

const tiles = (page: Page) => page.getByRole("list", { name: "Pictures" }).getByRole("listitem");
const file = (name: string, colour: [number, number, number], width = 900) => ({
  name,
  mimeType: "image/png",
  buffer: png(width, 700, colour),
});

test("pictures are added, described, put in order by the keyboard, deleted, and seen in the shop", async ({
  page,
  api,
  anotherBrowser,
}) => {
  const owner = await api.seller("Atelier Image");
  const ring = await api.putOnSale(owner);
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page
    .getByLabel("Choose pictures")
    .setInputFiles([
      file("gold.png", [200, 160, 40]),
      file("silver.png", [180, 180, 190]),
      file("blue.png", [30, 40, 160]),
    ]);
  await expect(page.getByRole("textbox", { name: "What picture 3 of 3 shows" })).toBeVisible();

  const words = page.getByRole("textbox", { name: "What picture 1 of 3 shows" });
  await words.fill("From above, in the sun");
  await words.press("Enter");
  await expect(page.getByText("Description saved.")).toBeAttached();
  await page.getByRole("button", { name: "Move picture 1 of 3 back" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Picture moved to place 2 of 3.")).toBeAttached();
  await expect(page.getByRole("textbox", { name: "What picture 2 of 3 shows" })).toHaveValue(
    "From above, in the sun",
  );

  await page.getByRole("button", { name: "Delete picture 3 of 3" }).click();
  const question = page.getByRole("dialog", { name: "Delete this picture?" });
  await question.getByRole("button", { name: "Leave it" }).click();
  await expect(tiles(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Delete picture 3 of 3" }).click();
  await question.getByRole("button", { name: "Delete the picture" }).click();
  await expect(tiles(page)).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "What picture 2 of 2 shows" })).toHaveValue(
    "From above, in the sun",
  );

  const customer = await (await anotherBrowser()).newPage();
  await expect(async () => {
    await customer.goto(`/products/${ring.slug}`);
    const sizes = customer
      .getByRole("region", { name: "Pictures" })
      .locator("source[type='image/webp']")
      .first();
    await expect(sizes).toHaveAttribute("srcset", /320w, .*640w, .*900w/, { timeout: 1_000 });
  }).toPass();
  const shown = customer.getByRole("img", { name: "From above, in the sun" });
  await expect(shown).toBeVisible();
  expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
});

test("what is no picture is refused where it was dropped, and the rest is taken", async ({
  page,
  api,
  watch,
}) => {
  watch.expectAnswers(415);
  const owner = await api.seller("Atelier Refus");
  const ring = await api.putOnSale(owner);
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page
    .getByLabel("Choose pictures")
    .setInputFiles([
      { name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") },
      { name: "holiday.png", mimeType: "image/png", buffer: Buffer.from("GIF89a, and not what it says") },
      file("gold.png", [200, 160, 40], 300),
    ]);
  await expect(page.getByRole("textbox", { name: "What picture 1 of 1 shows" })).toBeVisible();
  await expect(tiles(page).filter({ hasText: "logo.svg" }).getByRole("alert")).toContainText(
    "JPEG, PNG and WebP",
  );
  await expect(tiles(page).filter({ hasText: "holiday.png" }).getByRole("alert")).toContainText(
    "not its name",
  );
  await tiles(page).filter({ hasText: "logo.svg" }).getByRole("button", { name: "Dismiss" }).click();
  await expect(tiles(page)).toHaveCount(2);
});
