/** Where to go after signing in: a page of the app that lives under `base`, and never another site. */
export function safeRedirect(target: string | undefined, base = ""): string | undefined {
  if (!target?.startsWith("/") || /^\/[/\\]/.test(target)) return undefined;
  // The browser ignores tabs and line breaks in an address: "/\t/evil.example" would lead away.
  if ([...target].some((character) => character < " ")) return undefined;
  const inside =
    target === base ? "/" : base && target.startsWith(`${base}/`) ? target.slice(base.length) : target;
  return /^\/[/\\]/.test(inside) || /^\/login(?:[/?#]|$)/.test(inside) ? undefined : inside;
}
