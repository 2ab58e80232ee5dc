/** Where to go after signing in: a path of this shop, and never another site. */
export function safeRedirect(target: string | undefined): string | undefined {
  if (!target?.startsWith("/") || /^\/[/\\]/.test(target)) return undefined;
  // The browser ignores tabs and line breaks in an address: "/\t/evil.example" would lead away.
  if ([...target].some((character) => character < " ")) return undefined;
  return target;
}
