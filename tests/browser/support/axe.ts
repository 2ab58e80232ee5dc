/** Checks what the page shows now against the rules of WCAG 2.2, levels A and AA. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { settled } from "./settled";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function expectAccessible(page: Page, what: string) {
  await settled(page);
  // One frame and no other page: the watch over the browser stays simple.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode().analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`,
    ),
  );
  expect.soft(found, `${what} (${new URL(page.url()).pathname})`).toEqual([]);
}
