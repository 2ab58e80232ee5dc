/**
 * A page's query string in the API's own notation: plain keys, repeated where there are several values
 * (`?material=gold&material=silver`). The routers of both apps read and write their URLs with these two.
 */
export type Search = Record<string, string | string[]>;

export function parseSearch(query: string): Search {
  const search: Search = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const before = search[key];
    if (before === undefined) search[key] = value;
    else search[key] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") query.append(key, String(each));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The value of a key that stands once: the last one, where it was repeated. */
export function one(value: unknown): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" && last !== "" ? last : undefined;
}

/** All values of a key that may be repeated. */
export function many(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((each): each is string => typeof each === "string" && each !== "");
}
