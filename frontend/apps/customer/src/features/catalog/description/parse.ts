/**
 * Reads a product's description. The server has sanitised it already; this reader knows the few elements that a description may
 * have and nothing else, so that no HTML of anyone's ever reaches the page's own parser.
 */
const allowed = new Set(["p", "br", "strong", "em", "ul", "ol", "li", "a", "h3"]);
/** A paragraph ends where one of these begins. */
const blocks = new Set(["p", "ul", "ol", "h3"]);
const silenced = new Set(["script", "style"]);
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const token = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9]*)\b([^>]*)>|[^<]+|</gi;

export interface Element {
  tag: string;
  href?: string;
  children: Node[];
}
export type Node = string | Element;

export function parseDescription(html: string): Node[] {
  const root: Element = { tag: "", children: [] };
  const open: Element[] = [root];
  let silent: string | undefined;

  for (const [text, slash, name, attributes] of html.matchAll(token)) {
    const tag = name?.toLowerCase();
    const current = open.at(-1) as Element;
    if (silent) {
      if (slash && tag === silent) silent = undefined;
    } else if (tag === undefined) {
      if (!text.startsWith("<!--")) current.children.push(decode(text));
    } else if (silenced.has(tag)) {
      if (!slash) silent = tag;
    } else if (!allowed.has(tag)) {
      // An element that we do not know loses its tags and keeps its words.
    } else if (slash) {
      close(open, tag);
    } else {
      if (blocks.has(tag)) close(open, "p");
      const element: Element = { tag, children: [] };
      const href = tag === "a" ? safeHref(attributes ?? "") : undefined;
      if (href) element.href = href;
      (open.at(-1) as Element).children.push(element);
      if (tag !== "br") open.push(element);
    }
  }
  return root.children;
}

/** Closes the innermost open element of this name; without one, the closing tag means nothing. */
function close(open: Element[], tag: string) {
  const index = open.findLastIndex((element) => element.tag === tag);
  if (index > 0) open.length = index;
}

/** The address of a link if it leads to the web, to a mailbox or to a page of this shop. */
function safeHref(attributes: string): string | undefined {
  const match = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
  const href = decode(match?.[1] ?? match?.[2] ?? "").trim();
  return /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(href) ? href : undefined;
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
