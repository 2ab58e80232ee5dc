import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useRef, useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { GiftCodeField } from "./GiftCodeField";

const code = "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB";

function Example({ onComplete }: { onComplete: (code: string) => void }) {
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  return (
    <GiftCodeField field={field} code={typed} onChange={setTyped} onComplete={onComplete} error={undefined} />
  );
}

function type(...texts: string[]) {
  const onComplete = vi.fn();
  render(<Example onComplete={onComplete} />);
  const input = screen.getByLabelText<HTMLInputElement>("Code");
  for (const value of texts) fireEvent.change(input, { target: { value } });
  return { input, onComplete };
}

afterEach(cleanup);

describe("the field for a gift card's code", () => {
  it("puts groups of four while one types", () => {
    const { input, onComplete } = type("8q2m7");
    expect(input.value).toBe("8Q2M-7");
    expect(onComplete).not.toHaveBeenCalled();
  });

  it("says once that the code is whole, also when more is typed", () => {
    const { input, onComplete } = type(code.toLowerCase(), `${code}x`);
    expect(input.value).toBe(code);
    expect(onComplete).toHaveBeenCalledExactlyOnceWith(code.replaceAll("-", ""));
  });

  it("does not ask about a code that cannot be", () => {
    const { onComplete } = type(code.replace("8", "U"));
    expect(onComplete).not.toHaveBeenCalled();
  });
});
