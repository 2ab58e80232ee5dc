/** Gift cards: issued by an admin, looked at by anybody, redeemed by a customer, and guessed by nobody. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { openAccount, signOut } from "../support/account";
import { Api, demoAdmin, freshEmail } from "../support/api";
import { expectAccessible } from "../support/axe";
import { mailsTo } from "../support/mailbox";
import { signInAsSeller } from "../support/seller-app";
import { openShop } from "../support/shop";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

const codeField = (page: Page) => page.getByRole("textbox", { name: "Code" });
const enterGiftCode = (page: Page, code: string) => codeField(page).fill(code);
const look = (page: Page) => page.getByRole("button", { name: "See what it is worth" });
const card = (page: Page, worth: string) => page.getByRole("region", { name: `Your gift card: ${worth}` });

/** A code that no card has. */
const strayCode = (at: number) => `0000-0000-0000-0000-0000-${String(at).padStart(4, "0")}`;

/** What no address may have, nor what this browser keeps. */
async function expectNoTrace(page: Page, code: string) {
  const plain = code.replaceAll("-", "");
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  await expect.poll(kept).not.toContain(plain);
  expect(page.url()).not.toContain(plain);
}

test("an admin issues gift cards, and sees their codes this once", async ({ page }) => {
  const recipient = freshEmail();
  await signInAsSeller(page, demoAdmin);
  await page.getByRole("link", { name: "Gift cards", exact: true }).click();
  await page.getByRole("link", { name: "Issue gift cards" }).click();
  await page.getByRole("button", { name: "Issue the gift card" }).click();
  await expect(page.getByText("Enter what each card is worth.")).toBeVisible();
  await page.getByRole("textbox", { name: "Value of each" }).fill("50");
  await page.getByRole("textbox", { name: "How many" }).fill("3");
  await page.getByLabel("Good until the end of").fill("2034-12-31");
  await page.getByRole("textbox", { name: "Recipient's e-mail" }).fill(recipient);
  await expect(page.getByText("The shop then owes €150.00 in all.")).toBeVisible();
  await page.getByRole("button", { name: "Issue 3 gift cards" }).click();

  await expect(page.getByText("These codes are shown only now")).toBeVisible();
  const items = page.getByRole("list", { name: "Codes" }).getByRole("listitem");
  await expect(items).toHaveCount(3);
  const codes = (await items.allInnerTexts()).flatMap((text) => /[0-9A-Z-]{29}/.exec(text) ?? []);
  expect(new Set(codes).size).toBe(3);

  await page.getByRole("link", { name: "To all gift cards" }).click();
  const asked = page.getByRole("dialog", { name: "Leave these codes behind?" });
  await asked.getByRole("button", { name: "Stay here" }).click();
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const csv = await readFile(await (await started).path(), "utf8");
  for (const code of codes) expect(csv).toContain(`${code},50.00,EUR,2034-12-31,${recipient}`);

  await page.getByRole("link", { name: "To all gift cards" }).click();
  await page.getByRole("searchbox").fill(recipient);
  await expect(page).toHaveURL(/q=/);
  const rows = page.getByRole("row").filter({ hasText: recipient });
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole("region", { name: "What the shop owes" })).toContainText("Owed in EUR");
  for (const code of codes) {
    await expect(page.getByText(`···· ${code.slice(-4)}`)).toBeVisible();
    await expect(page.getByText(code)).toHaveCount(0);
    await expectNoTrace(page, code);
  }
});

test("an admin issues a batch, downloads its codes once, and disables all of it", async ({ page, api }) => {
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/gift-cards/issue");
  await page.getByRole("textbox", { name: "Value of each" }).fill("25");
  await page.getByRole("textbox", { name: "How many" }).fill("300");
  await page.getByRole("textbox", { name: "Note" }).fill("For the autumn fair");
  await expect(page.getByText("The shop then owes €7,500.00 in all.")).toBeVisible();
  await page.getByRole("button", { name: "Issue 300 gift cards" }).click();
  await expect(page.getByRole("heading", { name: "300 cards at once" })).toBeVisible();
  await expectAccessible(page, "a batch that is being issued");
  await page.getByRole("button", { name: "Download the codes" }).click();
  const asked = page.getByRole("dialog", { name: "Download the codes now?" });
  await asked.getByRole("button", { name: "Not yet" }).click();
  await page.getByRole("button", { name: "Download the codes" }).click();
  await expectAccessible(page, "the question before the codes are told");
  const started = page.waitForEvent("download");
  await asked.getByRole("button", { name: "Download them" }).click();
  const csv = await readFile(await (await started).path(), "utf8");
  const codes = csv.trim().split("\r\n").slice(1);
  expect(codes).toHaveLength(300);
  const code = codes[0]?.split(",")[0] ?? "";
  expect((await api.checkGiftCard(code)).status).toBe("active");
  await expect(page.getByText("They were downloaded")).toBeVisible();
  await expect(page.getByRole("button", { name: "Download the codes" })).toHaveCount(0);
  await expectNoTrace(page, code);

  await page.getByRole("button", { name: "Disable all its cards" }).click();
  await expect(page.getByRole("button", { name: "Enable all its cards" })).toBeVisible();
  expect((await api.checkGiftCard(code)).status).toBe("disabled");
  await expectAccessible(page, "a batch that is disabled");
  await page.getByRole("link", { name: "See its cards" }).click();
  await expect(page.getByText("Only the cards of one batch")).toBeVisible();
  await page.goto("/seller/gift-cards/batches");
  await expect(page.getByRole("listitem").filter({ hasText: "For the autumn fair" }).first()).toContainText(
    "Disabled",
  );
  await expectAccessible(page, "the batches");
});

test("an admin mails a card, its mail leads to a page to print, and a lost one is sent anew", async ({
  page,
  api,
  anotherBrowser,
}, info) => {
  const friend = freshEmail();
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/gift-cards/issue");
  await page.getByRole("textbox", { name: "Value of each" }).fill("50");
  await page.getByRole("textbox", { name: "Recipient's e-mail" }).fill(friend);
  await page.getByRole("textbox", { name: /^For/ }).fill("Grace");
  await page.getByRole("textbox", { name: "From" }).fill("Ada");
  await page.getByRole("textbox", { name: "Message" }).fill("Happy birthday!");
  await expectAccessible(page, "the form with the words of a mail");
  await page.getByRole("button", { name: "Issue the gift card" }).click();
  await expect(page.getByText("This code is shown only now")).toBeVisible();
  await page.getByRole("button", { name: "Copy code" }).click();

  const mails = async () => await mailsTo(api.url, friend);
  await expect.poll(async () => (await mails()).length).toBe(1);
  const [mail] = await mails();
  expect(mail?.subject).toBe("A gift card for you from Ada");
  const link = /https?:\S+\/gift-card\/print#\S+/.exec(mail?.text ?? "")?.[0] ?? "";
  const code = link.split("#")[1] ?? "";

  const reader = await (await anotherBrowser()).newPage();
  await reader.goto(`/gift-card/print#${code}`);
  const face = reader.getByRole("region", { name: "The card" });
  await expect(face).toContainText("€50.00");
  await expect(face).toContainText(code);
  await expect(face.getByRole("img", { name: /QR code/ })).toBeVisible();
  await reader.getByRole("textbox", { name: "Message" }).fill("For you, with love");
  await expect(face).toContainText("For you, with love");
  await expectAccessible(reader, "the card to print");
  if (process.env.KEEP_PRINTS) {
    await reader.pdf({ path: `${process.env.KEEP_PRINTS}/card-${info.project.name}.pdf`, format: "A4" });
  }
  await reader.emulateMedia({ media: "print" });
  await expect(reader.getByRole("contentinfo")).toBeHidden();
  await expect(reader.getByRole("button", { name: "Print the card" })).toBeHidden();
  await expect(face).toBeVisible();
  await reader.emulateMedia({ media: "screen" });
  // The QR code leads here: the code is in the field, and not in the address any more.
  await reader.goto(`/gift-card#${code}`);
  await expect(card(reader, "€50.00")).toBeVisible();
  await expect(reader).toHaveURL("/gift-card");
  await reader.goto("/gift-card/print");
  await expect(reader.getByText("There is no card here")).toBeVisible();
  await reader.close();

  await page.getByRole("link", { name: "To all gift cards" }).click();
  await page.getByRole("link", { name: `···· ${code.slice(-4)}` }).click();
  const mailPanel = page.getByRole("region", { name: "Mail" });
  await expect(mailPanel).toContainText(`to ${friend}`);
  await mailPanel.getByRole("button", { name: "Send it once more" }).click();
  const other = freshEmail();
  await mailPanel.getByRole("textbox", { name: "E-mail" }).fill(other);
  await expectAccessible(page, "sending a card once more");
  await mailPanel.getByRole("button", { name: "Send another code" }).click();
  await expect.poll(async () => (await mailsTo(api.url, other)).length).toBe(1);
  const again = (await mailsTo(api.url, other))[0]?.text ?? "";
  expect(again).not.toContain(code);
  await expect(mailPanel).toContainText(`to ${other}`);
});

test("a guest buys a gift card for a friend, who gets it by mail, and sends another elsewhere", async ({
  page,
  api,
  seller,
}) => {
  const card = await api.putGiftCardOnSale(seller, 5_000);
  const [friend, other, elsewhere] = [freshEmail(), freshEmail(), freshEmail()];
  await page.goto(`/products/${card.slug}`);
  const add = page.getByRole("button", { name: "Add to cart" });
  const email = page.getByRole("textbox", { name: "Recipient's e-mail" });
  await add.click();
  await expect(page.getByText("Enter the e-mail address of who gets it.")).toBeVisible();
  await expectAccessible(page, "the form of a gift card with its complaints");
  await email.fill(friend);
  await page.getByRole("textbox", { name: /^From/ }).fill("Ada");
  await page.getByRole("textbox", { name: "Message" }).fill("Happy birthday!");
  await add.click();
  const drawer = storefront.cartDrawer(page);
  await expect(drawer.getByText(`For ${friend}`)).toBeVisible();
  await page.keyboard.press("Escape");
  await email.fill(other);
  const day = new Date(Date.now() + 20 * 24 * 3_600_000).toISOString().slice(0, 10);
  await page.getByLabel("Comes on").fill(day);
  await add.click();
  await expect(drawer.getByText(`For ${other}, on `)).toBeVisible();
  await expect(drawer.getByRole("button", { name: `Remove ${card.title}` })).toHaveCount(2);
  await expect(drawer.getByRole("button", { name: `Remove ${card.title}` }).last()).toBeEnabled();
  await expectAccessible(page, "a cart with gift cards");
  await storefront.goToCheckout(page);
  await expect(page.getByRole("heading", { name: "Delivery" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Review and pay" })).not.toContainText("delivery");
  await page.getByRole("textbox", { name: "E-mail" }).fill(freshEmail());
  await expectAccessible(page, "a checkout of gift cards alone");
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
  await storefront.choose(page, "Pay");
  await storefront.expectPaid(page);
  await expect(page.getByText("The gift cards are mailed to whom they are for.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Goes to" })).toHaveCount(0);

  const gifts = page.getByRole("region", { name: "Gift cards" });
  await expect(gifts.getByRole("listitem")).toHaveCount(2);
  await expect(gifts.getByRole("listitem").filter({ hasText: friend })).toContainText("Sent");
  const waiting = gifts.getByRole("listitem").filter({ hasText: "Waits for its day" });
  await waiting.getByRole("button", { name: "Send it elsewhere" }).click();
  await waiting.getByRole("textbox", { name: "E-mail" }).fill(elsewhere);
  await waiting.getByRole("button", { name: "Send it there" }).click();
  await expect(gifts.getByRole("listitem").filter({ hasText: elsewhere })).toContainText("Waits for its day");
  await expectAccessible(page, "an order with gift cards");
  await expect.poll(async () => (await mailsTo(api.url, friend)).length).toBe(1);
  expect((await mailsTo(api.url, friend))[0]?.subject).toBe("A gift card for you from Ada");
  expect(await mailsTo(api.url, other)).toHaveLength(0);
});

test("an admin makes a seller's product a gift card, and a usual product again", async ({
  page,
  api,
  seller,
}) => {
  const piece = await api.putOnSale(seller, { amount: 7_500, title: `Voucher ${Date.now()}`, stock: 0 });
  await signInAsSeller(page, demoAdmin);
  await page.getByRole("link", { name: "Gift cards", exact: true }).click();
  await page.getByRole("link", { name: "On sale" }).click();
  await expect(page.getByRole("heading", { name: "Gift cards on sale", exact: true })).toBeVisible();
  const row = page.getByRole("listitem").filter({ hasText: piece.title });
  await page.getByRole("searchbox").fill(piece.title);
  await expect(page.getByRole("heading", { name: "No such gift card on sale" })).toBeVisible();
  await expectAccessible(page, "no such gift card on sale");
  await page.getByRole("link", { name: "Look among the other products" }).click();
  await expect(page).toHaveURL(/of=others/);
  await expect(row).toContainText("€75.00");
  await expectAccessible(page, "products that could be gift cards");
  await page.getByRole("button", { name: `Make ${piece.title} a gift card` }).click();
  const asked = page.getByRole("dialog", { name: "Make it a gift card?" });
  await expect(asked).toContainText("Each card is worth what it costs: €75.00.");
  await expectAccessible(page, "the question before a product becomes a gift card");
  await asked.getByRole("button", { name: "Leave it" }).click();
  expect((await api.product(piece.slug)).gift_card).toBe(false);
  await page.getByRole("button", { name: `Make ${piece.title} a gift card` }).click();
  await asked.getByRole("button", { name: "Make it a gift card" }).click();
  await expect(page.getByText(`“${piece.title}” is a gift card now.`)).toBeVisible();
  await expect(page.getByRole("heading", { name: "No such product" })).toBeVisible();
  expect(await api.product(piece.slug)).toMatchObject({ gift_card: true, in_stock: true });

  await page
    .getByRole("navigation", { name: "Which products" })
    .getByRole("link", { name: "Gift cards", exact: true })
    .click();
  await expect(row).toBeVisible();
  await page.getByRole("button", { name: `${piece.title} is to be no gift card any more` }).click();
  const back = page.getByRole("dialog", { name: "No gift card any more?" });
  await expect(back).toContainText("Gift cards that were sold stay good.");
  await back.getByRole("button", { name: "Make it a usual product" }).click();
  await expect(page.getByText(`“${piece.title}” is no gift card any more.`)).toBeVisible();
  expect(await api.product(piece.slug)).toMatchObject({ gift_card: false, in_stock: false });
});

test("an admin disables a card, and lets it be used again", async ({ page, api }) => {
  const issued = await api.issueGiftCard(2_500);
  await signInAsSeller(page, demoAdmin);
  await page.goto(`/seller/gift-cards/${issued.id}`);
  await page.getByRole("button", { name: "Disable the card" }).click();
  await expect(page.getByText("Nobody can use this card until it is enabled again.")).toBeVisible();
  expect((await api.checkGiftCard(issued.code)).status).toBe("disabled");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Disable the card" })).toBeVisible();
  expect((await api.checkGiftCard(issued.code)).status).toBe("active");
  await page.goto("/seller/security-log");
  await expect(page.getByText("disabled a gift card").first()).toBeVisible();
});

test("a customer looks at a card however its code is written, and takes it once", async ({
  page,
  api,
  watch,
}) => {
  watch.expectAnswers(409);
  const { code } = await api.issueGiftCard(5_000);
  await openAccount(page, api, "/account/balance");
  await expect(page.getByText("Nothing yet")).toBeVisible();
  await expect(page.getByText("Nothing has moved yet")).toBeVisible();
  await page.getByRole("link", { name: "Redeem a gift card" }).click();

  await enterGiftCode(page, ` ${code.toLowerCase().replaceAll("-", " ")} `);
  await expect(codeField(page)).toHaveValue(code);
  await expect(card(page, "€50.00")).toBeVisible();
  const taking = await page.context().newPage();
  await taking.goto("/gift-card");
  await enterGiftCode(taking, `Happy birthday! Your code is ${code}. Enjoy.`);
  await card(taking, "€50.00").getByRole("button", { name: "Add €50.00 to your balance" }).click();
  await expect(taking.getByRole("heading", { name: "€50.00 is yours" })).toBeFocused();
  await expect(taking.getByText("Your balance is now €50.00.")).toBeVisible();

  await page.getByRole("button", { name: "Add €50.00 to your balance" }).click();
  await expect(page.getByText("This gift card has been redeemed already")).toBeVisible();
  await look(page).click();
  await expect(page.getByText("This gift card has been redeemed already")).toBeVisible();
  await expectNoTrace(page, code);

  await taking.getByRole("link", { name: "See your balance" }).click();
  await expect(taking.getByRole("region", { name: "Your balance" }).getByText("€50.00")).toBeVisible();
  const moved = taking.getByRole("list", { name: "Movements" }).getByRole("listitem");
  await expect(moved).toHaveCount(1);
  await expect(moved).toContainText("You redeemed a gift card");
  await expect(moved).toContainText("+€50.00");
});

test("whoever signs in on the way finds the code again, and nobody else does", async ({ page, api }) => {
  const { code } = await api.issueGiftCard(3_000);
  const customer = await api.customer();
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Gift cards" }).click();
  await enterGiftCode(page, code);
  await card(page, "€30.00").getByRole("link", { name: "Sign in to take it" }).click();
  await expect(page).toHaveURL("/login?redirect=%2Fgift-card");
  await storefront.signIn(page, customer.email);
  await expect(page).toHaveURL("/gift-card");
  await expect(codeField(page)).toHaveValue(code);
  await expectNoTrace(page, code);
  await page.getByRole("button", { name: "Add €30.00 to your balance" }).click();
  await expect(page.getByRole("heading", { name: "€30.00 is yours" })).toBeVisible();
  await signOut(page);
  await page.goto("/gift-card");
  await expect(codeField(page)).toHaveValue("");
});

test("a new customer finds the code again after making an account", async ({ page, api }) => {
  const { code } = await api.issueGiftCard(1_000);
  const email = freshEmail();
  await page.goto("/gift-card");
  await enterGiftCode(page, code);
  await page.getByRole("link", { name: "Make an account" }).click();
  await storefront.register(page, { name: "Grace Hopper", email });
  await storefront.enterCode(page, email);
  await expect(page).toHaveURL("/gift-card");
  await page.getByRole("button", { name: "Add €10.00 to your balance" }).click();
  await expect(page.getByText("Your balance is now €10.00.")).toBeVisible();
});

test("each reason why a card is of no use has its own words", async ({ page, api }) => {
  const disabled = await api.issueGiftCard(1_000);
  const soon = new Date(Date.now() + 1_500).toISOString();
  const expired = await api.issueGiftCard(1_000, { expires_at: soon });
  await api.disableGiftCard(disabled.id);
  await expect.poll(async () => (await api.checkGiftCard(expired.code)).status).toBe("expired");

  await page.goto("/gift-card");
  await look(page).click();
  await expect(page.getByText("Enter the code of your gift card.")).toBeVisible();
  await expect(codeField(page)).toBeFocused();
  await enterGiftCode(page, disabled.code.slice(0, -1));
  await look(page).click();
  await expect(page.getByText("One character is missing.")).toBeVisible();
  await codeField(page).pressSequentially(disabled.code.slice(-1));
  await expect(page.getByText("This gift card is blocked")).toBeVisible();
  await enterGiftCode(page, expired.code);
  await expect(page.getByText(/^This gift card was good until /)).toBeVisible();
  await expect(page.getByRole("button", { name: /to your balance/ })).toHaveCount(0);
});

test("a lost answer is asked for again, and the value comes once", async ({ page, api, context, watch }) => {
  watch.expectAnswers(429);
  const { code } = await api.issueGiftCard(4_000);
  await openAccount(page, api, "/gift-card");
  await enterGiftCode(page, code);
  let lost = 0;
  await context.route("**/api/v1/gift-cards/redeem", async (route) => {
    // The first one arrives, and its answer does not.
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.fulfill({ status: 429, contentType: "application/problem+json", body: "{}" });
  });
  await page.getByRole("button", { name: "Add €40.00 to your balance" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "Add €40.00 to your balance" }).click();
  await expect(page.getByText("Your balance is now €40.00.")).toBeVisible();
});

test("guessing is stopped, and whoever tries is told when to go on", async ({ page, watch }) => {
  // Wrong codes count for everybody on this machine: in a shop of their own they disturb no other story.
  const shop = await openShop();
  watch.mayVisit(shop.url);
  try {
    const api = new Api(shop.url);
    const { code } = await api.issueGiftCard(5_000);
    await page.goto(`${shop.url}/gift-card`);
    for (let at = 0; at < 5; at++) {
      await enterGiftCode(page, strayCode(at));
      await expect(page.getByText("We know no gift card with this code.")).toBeVisible();
    }
    await expectAccessible(page, "a wrong code");
    await enterGiftCode(page, code);
    await expect(page.getByText("Too many wrong codes")).toBeVisible();
    const wait = page.getByRole("button", { name: /^Try again in \d+ s$/ });
    await expect(wait).toBeDisabled();
    const before = await wait.innerText();
    await expect(wait).not.toHaveText(before);
    await expectAccessible(page, "too many wrong codes");
    await enterGiftCode(page, code.toLowerCase());
    await expect(card(page, "€50.00")).toHaveCount(0);

    await page.goto(`${shop.url}/seller/login`);
    await page.getByRole("textbox", { name: "E-mail" }).fill(demoAdmin);
    await page.getByLabel("Password", { exact: true }).fill("Carat-demo-1");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("Somebody tried too many wrong gift card codes")).toBeVisible();
  } finally {
    // What a page still loads would miss the shop.
    await page.close();
    await shop.close();
  }
});

test("the balance tells what moved, filtered in the address, and as a file", async ({ page, api }) => {
  const customer = await openAccount(page, api);
  for (const amount of [1_000, 2_000]) {
    const { code } = await api.issueGiftCard(amount);
    await api.send("POST", "/gift-cards/redeem", { code }, customer.token);
  }
  const yen = await api.issueGiftCard(500, { currency: "JPY" });
  await api.send("POST", "/gift-cards/redeem", { code: yen.code }, customer.token);
  await page
    .getByRole("navigation", { name: "Your account" })
    .getByRole("link", { name: "Balance" })
    .filter({ visible: true })
    .click();
  const balance = page.getByRole("region", { name: "Your balance" });
  await expect(balance.getByText("€30.00")).toBeVisible();
  await expect(balance.getByText("JP¥500")).toBeVisible();
  const moved = page.getByRole("list", { name: "Movements" }).getByRole("listitem");
  await expect(moved).toHaveCount(3);

  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const csv = await readFile(await (await started).path(), "utf8");
  expect(csv.trim().split("\r\n")).toHaveLength(4);
  expect(csv).toContain("gift_card_redeemed");

  await page.getByRole("combobox", { name: "What happened" }).selectOption("Money back");
  await expect(page).toHaveURL("/account/balance?kind=refund");
  await expect(page.getByRole("heading", { name: "Nothing like that" })).toBeVisible();
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page).toHaveURL("/account/balance?to=2020-01-01");
  await expect(page.getByRole("heading", { name: "Nothing like that" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("To", { exact: true })).toHaveValue("2020-01-01");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`what gift cards show is for everybody, ${colorScheme}`, async ({ page, api }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const first = await api.issueGiftCard(5_000);
    const second = await api.issueGiftCard(5_000);
    await page.goto("/gift-card");
    await expectAccessible(page, "the page for gift cards");
    await look(page).click();
    await expectAccessible(page, "a code that is missing");
    await enterGiftCode(page, first.code);
    await expect(card(page, "€50.00")).toBeVisible();
    await expectAccessible(page, "a card that is good");
    await api.disableGiftCard(second.id);
    await enterGiftCode(page, second.code);
    await expect(page.getByText("This gift card is blocked")).toBeVisible();
    await expectAccessible(page, "a card that is blocked");

    await openAccount(page, api, "/gift-card");
    await enterGiftCode(page, first.code);
    await page.getByRole("button", { name: "Add €50.00 to your balance" }).click();
    await expect(page.getByRole("heading", { name: "€50.00 is yours" })).toBeVisible();
    await expectAccessible(page, "a card that is redeemed");
    for (const path of ["/account/balance", "/account/balance?kind=refund"]) {
      await page.goto(path);
      await expectAccessible(page, "the balance");
    }

    await signOut(page);
    await signInAsSeller(page, demoAdmin);
    for (const path of [
      "",
      "?q=nothing",
      `/${first.id}`,
      `/${second.id}`,
      "/products",
      "/products?of=others",
      "/issue",
    ]) {
      await page.goto(`/seller/gift-cards${path}`);
      await expectAccessible(page, "the administration of gift cards");
    }
    await page.getByRole("button", { name: "Issue the gift card" }).click();
    await expectAccessible(page, "the form with its complaints");
    await page.getByRole("textbox", { name: "Value of each" }).fill("50");
    await page.getByRole("button", { name: "Issue the gift card" }).click();
    await expect(page.getByText("This code is shown only now")).toBeVisible();
    await expectAccessible(page, "the codes");
    await page.getByRole("link", { name: "To all gift cards" }).click();
    await expect(page.getByRole("dialog", { name: "Leave this code behind?" })).toBeVisible();
    await expectAccessible(page, "the question before the codes are left");
    await page.getByRole("button", { name: "Leave without it" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Gift cards" })).toBeVisible();
  });
}
