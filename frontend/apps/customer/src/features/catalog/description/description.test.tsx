import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Description } from "./Description";
import { parseDescription } from "./parse";

afterEach(cleanup);

const text = (html: string) => render(<Description html={html} />).container.textContent;

describe("a product's description", () => {
  it("keeps paragraphs, lists and emphasis", () => {
    expect(parseDescription("<p>One <strong>carat</strong></p><ul><li>18 kt</li></ul>")).toEqual([
      { tag: "p", children: ["One ", { tag: "strong", children: ["carat"] }] },
      { tag: "ul", children: [{ tag: "li", children: ["18 kt"] }] },
    ]);
  });

  it("writes entities as their characters, once", () => {
    expect(text("<p>Gold &amp; silver, 5 &lt; 6, caf&#233;, &amp;lt;b&amp;gt;</p>")).toBe(
      "Gold & silver, 5 < 6, café, &lt;b&gt;",
    );
  });

  it("drops scripts and styles with all that is in them", () => {
    expect(text("<p>a</p><script>alert('<p>')</script><style>p{}</style><p>b</p>")).toBe("ab");
  });

  it("drops elements that it does not know, and keeps their words", () => {
    expect(text('<div onclick="x()">Hello <img src=x onerror=y>there</div>')).toBe("Hello there");
  });

  it("carries no attribute but the address of a link", () => {
    const { container } = render(<Description html={'<p style="color:red" onmouseover="x()">a</p>'} />);
    const attributes = container.querySelector("p")?.getAttributeNames();
    expect(attributes).toEqual(["class"]);
  });

  it.each([
    ["https://example.com/a?b=1&amp;c=2", "https://example.com/a?b=1&c=2"],
    ["/products/ring", "/products/ring"],
    ["mailto:a@b.c", "mailto:a@b.c"],
  ])("links to %s", (href, expected) => {
    expect(parseDescription(`<a href="${href}">x</a>`)).toEqual([
      { tag: "a", href: expected, children: ["x"] },
    ]);
  });

  it.each([
    "javascript:alert(1)",
    "java&#115;cript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "data:text/html,x",
  ])("does not link to %s", (href) => {
    expect(parseDescription(`<a href="${href}">x</a>`)).toEqual([{ tag: "a", children: ["x"] }]);
  });

  it("puts up with tags that were never opened or never closed", () => {
    expect(text("</p><p>One<p>Two</em> < three")).toBe("OneTwo < three");
  });
});
