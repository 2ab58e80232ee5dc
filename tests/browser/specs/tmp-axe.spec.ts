import { expectAccessible } from "../support/axe";
import { test } from "../support/test";
test("axe sees", async ({ page, watch }) => { await page.goto("/"); await page.evaluate(() => { const i = document.createElement("input"); document.querySelector("main")!.append(i); console.error("boo"); }); await expectAccessible(page, "x"); });
