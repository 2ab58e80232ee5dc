import { Problem } from "@carat/api-client";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProofForm } from "./ProofForm";
import { orderOfProofs } from "./proof";

afterEach(cleanup);

const show = (props: Partial<Parameters<typeof ProofForm>[0]> = {}) => {
  const onProof = vi.fn();
  const all = { methods: ["totp", "recovery_code"] as const, pending: false, problem: undefined, onProof };
  const view = render(<ProofForm {...all} methods={["totp", "recovery_code"]} {...props} />);
  return { onProof, view };
};

describe("asking for a proof", () => {
  it("takes six digits as soon as they are there", () => {
    const { onProof } = show();
    fireEvent.change(screen.getByLabelText("Six-digit code"), { target: { value: "123 456" } });
    expect(onProof).toHaveBeenCalledExactlyOnceWith({ code: "123456" });
  });

  it("offers the other ways, one at a time", () => {
    const { onProof } = show();
    fireEvent.click(screen.getByText("Use a recovery code"));
    fireEvent.change(screen.getByLabelText("Recovery code"), { target: { value: " 7hq2x-m4kd9 " } });
    fireEvent.click(screen.getByText("Continue"));
    expect(onProof).toHaveBeenCalledExactlyOnceWith({ code: "7hq2x-m4kd9" });
    expect(screen.queryByLabelText("Six-digit code")).toBeNull();
  });

  it("does not trim a password, and sends nothing for nothing", () => {
    const { onProof } = show({ methods: ["password"] });
    fireEvent.click(screen.getByText("Continue"));
    expect(onProof).not.toHaveBeenCalled();
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: " secret " } });
    fireEvent.click(screen.getByText("Continue"));
    expect(onProof).toHaveBeenCalledExactlyOnceWith({ password: " secret " });
  });

  it("lets a wrong code be typed anew", () => {
    const { view } = show();
    const field = screen.getByLabelText<HTMLInputElement>("Six-digit code");
    fireEvent.change(field, { target: { value: "123456" } });
    const problem = new Problem({ status: 401, code: "second-factor-invalid", title: "Wrong." });
    view.rerender(
      <ProofForm methods={["totp", "recovery_code"]} pending={false} problem={problem} onProof={() => {}} />,
    );
    expect(field.value).toBe("");
    expect(document.activeElement).toBe(field);
    expect(screen.getByRole("alert").textContent).toBe("Wrong.");
  });

  it("begins with the easiest way, and leaves out passkeys where the browser knows none", () => {
    expect(orderOfProofs(["recovery_code", "totp", "passkey"], true)).toEqual([
      "passkey",
      "totp",
      "recovery_code",
    ]);
    expect(orderOfProofs(["recovery_code", "passkey"], false)).toEqual(["recovery_code"]);
  });
});
