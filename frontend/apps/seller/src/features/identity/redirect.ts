/** Where to go after signing in: a page of this app, and never another site. */
const base = "/seller";

export function safeRedirect(target: string | undefined): string | undefined {
  if (!target?.startsWith("/") || /^\/[/\\]/.test(target)) return undefined;
  // The browser ignores tabs and line breaks in an address: "/\t/evil.example" would lead away.
  if ([...target].some((character) => character < " ")) return undefined;
  const inside = target === base ? "/" : target.startsWith(`${base}/`) ? target.slice(base.length) : target;
  return /^\/[/\\]/.test(inside) || inside.startsWith("/login") ? undefined : inside;
}
