import { describe, expect, it } from "vitest";
import { fieldErrors, Problem, toProblem } from "./problem";

const answer = (status: number, headers = {}) => new Response(null, { status, headers });

describe("a problem", () => {
  it("carries what the server said, with the request id to quote", () => {
    const problem = Problem.fromAnswer(
      {
        type: "/problems/x",
        title: "T",
        status: 409,
        detail: "D",
        code: "price-changed",
        request_id: "r1",
        total: { amount: 1 },
      },
      answer(409),
    );
    expect(problem).toMatchObject({ status: 409, code: "price-changed", message: "D", requestId: "r1" });
    expect(problem.extras).toEqual({ total: { amount: 1 } });
    expect(problem.isTemporary).toBe(false);
  });

  it("is made even of an answer that is no problem document", () => {
    const problem = Problem.fromAnswer("<html>", answer(502, { "x-request-id": "r2", "retry-after": "3" }));
    expect(problem).toMatchObject({
      status: 502,
      code: "http-502",
      requestId: "r2",
      retryAfter: 3,
      isTemporary: true,
    });
  });

  it("is also what a failed connection becomes", () => {
    expect(toProblem(new TypeError("Failed to fetch"))).toMatchObject({ code: "network", isTemporary: true });
  });
});

describe("the faults of a form", () => {
  const problem = Problem.fromAnswer(
    {
      errors: [
        { pointer: "/password", code: "too-short", message: "Use at least 8 characters." },
        { pointer: "/password", code: "no-digit", message: "Add a digit." },
        { pointer: "/shipping_address/city", code: "required", message: "Enter a city." },
      ],
    },
    answer(422),
  );

  it("stand at the field that each pointer names", () => {
    expect(fieldErrors(problem)["shipping_address.city"]).toBe("Enter a city.");
  });

  it("come together where one field has several", () => {
    expect(fieldErrors(problem).password).toBe("Use at least 8 characters. Add a digit.");
  });
});
