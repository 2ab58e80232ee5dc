/**
 * The description between the API's HTML and the plain text that a seller types: a blank line starts a paragraph, a line that
 * starts with a dash is a point of a list, **bold** and *italic*. HTML that says more than this is edited as HTML, so nothing is lost.
 */
export type Markup = "text" | "html";

export interface Description {
  text: string;
  markup: Markup;
}

const entities: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": "\u00a0",
};

function encode(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function decode(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (name) => entities[name] ?? name);
}

function inline(text: string): string {
  return encode(text)
    .replace(/\*\*(\S(?:.*?\S)?)\*\*/g, "<strong>$1</strong>")
    .replace(/\*(\S(?:.*?\S)?)\*/g, "<em>$1</em>");
}

export function textToHtml(text: string): string {
  const blocks: { list: boolean; lines: string[] }[] = [];
  for (const paragraph of text.replaceAll("\r", "").split(/\n\s*\n/)) {
    let open: (typeof blocks)[number] | undefined;
    for (const line of paragraph.split("\n").map((each) => each.trim())) {
      if (!line) continue;
      const list = /^[-•] /.test(line);
      if (open?.list !== list) {
        open = { list, lines: [] };
        blocks.push(open);
      }
      open.lines.push(inline(list ? line.slice(2).trim() : line));
    }
  }
  return blocks
    .map(({ list, lines }) =>
      list ? `<ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>` : `<p>${lines.join("<br>")}</p>`,
    )
    .join("");
}

export function htmlToText(html: string): string {
  const text = html
    .replace(/\s+/g, " ")
    .replace(/<\/?(?:strong|b)>/g, "**")
    .replace(/<\/?(?:em|i)>/g, "*")
    .replace(/<br ?\/?> ?/g, "\n")
    .replace(/<li> ?/g, "- ")
    .replace(/<\/li> ?/g, "\n")
    .replace(/<\/p> ?|<\/ul> ?/g, "\n\n")
    .replace(/<p> ?|<ul> ?/g, "");
  return decode(text)
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Two spellings of the same HTML. */
function normal(html: string): string {
  return html
    .replace(/&(?:quot|nbsp|#39);/g, (name) => entities[name] ?? name)
    .replace(/\s+/g, " ")
    .replace(/ ?(<\/?(?:p|ul|li|br)(?: ?\/)?>) ?/g, (_, tag: string) => tag.replace(/ ?\/>/, ">"))
    .replace(/<(\/?)b>/g, "<$1strong>")
    .replace(/<(\/?)i>/g, "<$1em>")
    .trim();
}

/** The HTML as text where that says the same, else as it is. */
export function describe(html: string): Description {
  const text = htmlToText(html);
  const plain = /[<>]/.test(html) ? html : html && `<p>${html}</p>`;
  return normal(textToHtml(text)) === normal(plain)
    ? { text, markup: "text" }
    : { text: html, markup: "html" };
}

export function toHtml({ text, markup }: Description): string {
  return markup === "html" ? text : textToHtml(text);
}
