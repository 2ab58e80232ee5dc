import { beforeEach, describe, expect, it } from "vitest";
import { draftName, forgetDraft, keepDraft, readDraft } from "./draft";
import { emptyProduct } from "./model";

const name = draftName("u1", "new");
const values = { ...emptyProduct("EUR"), title: "Half-typed" };
const draft = { values, base: null, keptAt: "2026-11-21T10:00:00Z" };

beforeEach(() => localStorage.clear());

describe("keeping a draft", () => {
  it("gives back what was typed, and when", () => {
    keepDraft(name, draft);
    expect(readDraft(name)).toEqual(draft);
  });

  it("keeps the drafts of two sellers and two products apart", () => {
    keepDraft(name, draft);
    expect(readDraft(draftName("u2", "new"))).toBeUndefined();
    expect(readDraft(draftName("u1", "p1"))).toBeUndefined();
  });

  it("forgets what was saved", () => {
    keepDraft(name, draft);
    forgetDraft(name);
    expect(readDraft(name)).toBeUndefined();
  });

  it("takes neither broken text nor a draft of another shape for one", () => {
    localStorage.setItem(name, "{");
    expect(readDraft(name)).toBeUndefined();
    localStorage.setItem(name, JSON.stringify({ values: { title: "old" }, base: null }));
    expect(readDraft(name)).toBeUndefined();
  });

  it("does without storage that is full or closed", () => {
    const closed = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    } as unknown as Storage;
    expect(() => keepDraft(name, draft, closed)).not.toThrow();
  });
});
