import { expect, describe as group, it } from "vitest";
import { describe, textToHtml, toHtml } from "./description";

group("the description", () => {
  it("makes paragraphs, lists, bold and italic of plain text", () => {
    const text = "A **fine** ring.\n\n- Gold\n- One *diamond*\n\nMade in Paris.";
    expect(textToHtml(text)).toBe(
      "<p>A <strong>fine</strong> ring.</p><ul><li>Gold</li><li>One <em>diamond</em></li></ul><p>Made in Paris.</p>",
    );
  });

  it("starts a list right below a line of text", () => {
    expect(textToHtml("It comes with:\n- a box")).toBe("<p>It comes with:</p><ul><li>a box</li></ul>");
  });

  it("writes what looks like HTML as text", () => {
    expect(textToHtml("2 < 3 & <b>")).toBe("<p>2 &lt; 3 &amp; &lt;b&gt;</p>");
  });

  it.each([
    "<p>One round brilliant.</p><ul><li>Diamond: 1 ct</li><li>Band: 2.1 mm</li></ul><p>Bring it back.</p>",
    "<p>Fish &amp; <b>chips</b><br>and peas</p>",
    "",
  ])("comes back the same: %j", (html) => {
    const described = describe(html);
    expect(described.markup).toBe("text");
    expect(toHtml(described).replaceAll("strong", "b")).toBe(html);
  });

  it("keeps HTML that says more as HTML", () => {
    const html = '<p>See <a href="https://example.com">here</a></p>';
    expect(describe(html)).toEqual({ text: html, markup: "html" });
    expect(toHtml(describe(html))).toBe(html);
  });
});
