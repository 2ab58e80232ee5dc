import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  expectSession,
  fetchInSession,
  forgetSession,
  hasSession,
  onSignedInElsewhere,
  onSignedOut,
  rememberSession,
} from "./session";

const me = "https://shop.example/api/v1/users/me";
const refresh = "/api/v1/auth/refresh";

/** Answers of the shop by path; what was asked is written down. */
function shop(answers: (path: string, asked: string[]) => [status: number, body: object] | "away") {
  const asked: string[] = [];
  const bodies: string[] = [];
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const path = typeof input === "string" ? input : new URL(input.url).pathname;
    if (typeof input !== "string" && input.body) bodies.push(await input.text());
    const answer = answers(path, asked);
    asked.push(path);
    if (answer === "away") throw new TypeError("no connection");
    return new Response(JSON.stringify(answer[1]), { status: answer[0] });
  });
  return { asked, bodies };
}

const good: [number, object] = [200, { expires_in: 900 }];
const over: [number, object] = [401, { code: "unauthorized" }];

describe("the session", () => {
  const signedOut = vi.fn();
  let stop: () => void;
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    forgetSession();
    signedOut.mockClear();
    stop = onSignedOut(signedOut);
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
  });

  it("keeps nothing but the time at which the token ends", () => {
    vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") });
    rememberSession(900);
    expect({ ...localStorage }).toEqual({ "carat.session": "2026-11-21T12:15:00.000Z" });
    vi.useRealTimers();
  });

  it("is not renewed for visitors who never signed in", async () => {
    const { asked } = shop(() => over);
    await fetchInSession(new Request(me));
    expect(asked).toEqual(["/api/v1/users/me"]);
    expect(signedOut).not.toHaveBeenCalled();
  });

  it("is renewed before a request when its token is about to end", async () => {
    rememberSession(10);
    const { asked } = shop(() => good);
    await fetchInSession(new Request(me));
    expect(asked).toEqual([refresh, "/api/v1/users/me"]);
  });

  it("is renewed once for all the requests that wait for it", async () => {
    rememberSession(0);
    const { asked } = shop(() => good);
    await Promise.all([1, 2, 3].map(() => fetchInSession(new Request(me))));
    expect(asked.filter((path) => path === refresh)).toHaveLength(1);
    expect(asked).toHaveLength(4);
  });

  it("does not keep the catalogue or a sign-in waiting", async () => {
    rememberSession(0);
    const { asked } = shop(() => good);
    for (const path of [
      "products?q=ring",
      "products/ring",
      "categories",
      "auth/login",
      "auth/password/forget",
    ])
      await fetchInSession(new Request(`https://shop.example/api/v1/${path}`));
    expect(asked).not.toContain(refresh);
    await fetchInSession(new Request("https://shop.example/api/v1/auth/register/bulk"));
    expect(asked).toContain(refresh);
  });

  it("is renewed when the server no longer knows the token, and the request is sent once more", async () => {
    rememberSession(900);
    const { asked, bodies } = shop((path, before) =>
      path !== refresh && !before.includes(refresh) ? over : good,
    );
    const answer = await fetchInSession(new Request(me, { method: "PATCH", body: '{"name":"Ada"}' }));
    expect(answer.status).toBe(200);
    expect(asked).toEqual(["/api/v1/users/me", refresh, "/api/v1/users/me"]);
    expect(bodies).toEqual(['{"name":"Ada"}', '{"name":"Ada"}']);
    expect(signedOut).not.toHaveBeenCalled();
  });

  it("is over when it cannot be renewed, and everybody is told once", async () => {
    rememberSession(900);
    const { asked } = shop(() => over);
    const answer = await fetchInSession(new Request(me));
    expect(answer.status).toBe(401);
    expect(asked).toEqual(["/api/v1/users/me", refresh]);
    expect(signedOut).toHaveBeenCalledOnce();
    expect(hasSession()).toBe(false);
  });

  it("is not over because a password was wrong", async () => {
    rememberSession(900);
    const { asked } = shop(() => [401, { code: "step-up-failed" }]);
    await fetchInSession(new Request("https://shop.example/api/v1/auth/step-up"));
    expect(asked).toHaveLength(1);
    expect(hasSession()).toBe(true);
  });

  it.each([
    ["away"],
    [[503, {}]],
  ] as const)("waits for better times when the answer is %j", async (answer) => {
    rememberSession(0);
    const { asked } = shop(() => answer as "away");
    await expect(fetchInSession(new Request(me))).rejects.toThrow(TypeError);
    expect(asked).toEqual([refresh]);
    expect(signedOut).not.toHaveBeenCalled();
    expect(hasSession()).toBe(true);
  });

  it("is not renewed twice when another tab has just done it", async () => {
    rememberSession(900);
    const { asked } = shop((_path, before) => {
      if (before.length > 0) return good;
      rememberSession(901);
      return over;
    });
    await fetchInSession(new Request(me));
    expect(asked).toEqual(["/api/v1/users/me", "/api/v1/users/me"]);
  });

  it("keeps the other tabs waiting until they can read that it was renewed", async () => {
    vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") });
    let turn: Promise<unknown> | undefined;
    const request = (_name: string, work: () => Promise<void>) => {
      turn = work();
      return turn;
    };
    vi.stubGlobal("navigator", { locks: { request } });
    rememberSession(-1);
    shop(() => good);
    await fetchInSession(new Request(me));
    let isOver = false;
    void turn?.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(isOver).toBe(true);
    vi.useRealTimers();
  });

  it("is asked for once after coming back from a provider, and nobody is told when there is none", async () => {
    expectSession();
    const { asked } = shop(() => over);
    expect(hasSession()).toBe(true);
    await fetchInSession(new Request(me));
    await fetchInSession(new Request(me));
    expect(asked).toEqual([refresh, "/api/v1/users/me", "/api/v1/users/me"]);
    expect(signedOut).not.toHaveBeenCalled();
  });

  it("follows what happens in another tab", () => {
    const signedIn = vi.fn();
    const stopToo = onSignedInElsewhere(signedIn);
    const change = (oldValue: string | null, newValue: string | null) =>
      window.dispatchEvent(new StorageEvent("storage", { key: "carat.session", oldValue, newValue }));
    change(null, "2026-11-21T12:15:00.000Z");
    change("2026-11-21T12:15:00.000Z", "2026-11-21T12:30:00.000Z");
    expect(signedIn).toHaveBeenCalledOnce();
    expect(signedOut).not.toHaveBeenCalled();
    change("2026-11-21T12:30:00.000Z", null);
    expect(signedOut).toHaveBeenCalledOnce();
    stopToo();
  });
});
