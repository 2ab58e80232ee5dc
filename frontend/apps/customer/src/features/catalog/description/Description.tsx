/** A product's description, set as text of this page. */
import { createElement, Fragment, type ReactNode, useMemo } from "react";
import { type Node, parseDescription } from "./parse";

const looks: Record<string, string> = {
  p: "mt-4 first:mt-0",
  ul: "mt-4 list-disc pl-5 marker:text-edge",
  ol: "mt-4 list-decimal pl-5 marker:text-muted",
  li: "mt-1",
  h3: "mt-6 font-display text-xl",
  a: "underline underline-offset-4",
  strong: "font-semibold",
};

export function Description({ html }: { html: string }) {
  const nodes = useMemo(() => parseDescription(html), [html]);
  return <div className="max-w-[62ch]">{nodes.map(render)}</div>;
}

function render(node: Node, index: number): ReactNode {
  if (typeof node === "string") return <Fragment key={index}>{node}</Fragment>;
  const { tag, href, children } = node;
  const props = { key: index, className: looks[tag], ...(href && { href, rel: "nofollow noopener" }) };
  return tag === "br" ? <br key={index} /> : createElement(tag, props, children.map(render));
}
