import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CodeField } from "./CodeField";

function Example({ onComplete }: { onComplete: (digits: string) => void }) {
  const [code, setCode] = useState("");
  return <CodeField label="Code" value={code} onChange={setCode} onComplete={onComplete} />;
}

afterEach(cleanup);

describe("CodeField", () => {
  it("takes a pasted sentence and keeps its six digits", () => {
    const onComplete = vi.fn();
    render(<Example onComplete={onComplete} />);
    const input = screen.getByLabelText<HTMLInputElement>("Code");

    fireEvent.paste(input, { clipboardData: { getData: () => "Your code is 123 456." } });

    expect(input.value).toBe("123456");
    expect(onComplete).toHaveBeenCalledExactlyOnceWith("123456");
  });

  it("drops everything that is not a digit while typing", () => {
    const onComplete = vi.fn();
    render(<Example onComplete={onComplete} />);
    const input = screen.getByLabelText<HTMLInputElement>("Code");

    fireEvent.change(input, { target: { value: "12a-3" } });

    expect(input.value).toBe("123");
    expect(onComplete).not.toHaveBeenCalled();
  });

  it("invites the browser to fill in the code from a message", () => {
    render(<Example onComplete={() => {}} />);
    expect(screen.getByLabelText("Code").getAttribute("autocomplete")).toBe("one-time-code");
  });
});
