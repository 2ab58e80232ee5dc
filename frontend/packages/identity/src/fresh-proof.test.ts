import { Problem } from "@carat/api-client";
import { act, renderHook } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { shownProblem, useStepUp, withFreshProof } from "./fresh-proof";

const refusal = (code: string) =>
  new Problem({ status: 403, code, title: "No", extras: { methods: ["password", "totp"] } });

/** Refuses the first time for want of a proof. */
const once = () =>
  vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(refusal("fresh-proof-required"))
    .mockResolvedValue("done");

const settled = () => act(async () => {});

describe("a fresh proof", () => {
  it("is not asked for where the server does not want one", async () => {
    const { result } = renderHook(useStepUp);
    await expect(withFreshProof(async () => "done")).resolves.toBe("done");
    await expect(withFreshProof(() => Promise.reject(refusal("forbidden")))).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(result.current).toBeUndefined();
  });

  it("is asked for with the account's own ways, and the work is done once more after it", async () => {
    const { result } = renderHook(useStepUp);
    const work = once();
    const outcome = withFreshProof(work);
    await settled();
    expect(result.current?.methods).toEqual(["password", "totp"]);
    expect(work).toHaveBeenCalledTimes(1);
    act(() => result.current?.settle(true));
    await expect(outcome).resolves.toBe("done");
    expect(work).toHaveBeenCalledTimes(2);
    expect(result.current).toBeUndefined();
  });

  it("leaves everything as it is when its owner changes their mind, and complains of nothing", async () => {
    const { result } = renderHook(useStepUp);
    const work = once();
    const outcome = withFreshProof(work).catch((error: unknown) => error);
    await settled();
    act(() => result.current?.settle(false));
    expect(shownProblem(await outcome)).toBeUndefined();
    expect(work).toHaveBeenCalledTimes(1);
  });
});
