import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Results } from "./Results";
import { readTable } from "./rows";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children: string }) => <a href="/">{children}</a>,
}));

const [good, taken, broken] = readTable(
  "good@example.com,,,,Carat-demo-1\ntaken@example.com,,,,Carat-demo-1\nbroken,,,,Carat-demo-1",
).rows;
const nothing = { onGoOn: () => {}, onStop: () => {}, onReset: () => {} };

function show(sending: boolean, left: number) {
  if (!good || !taken || !broken) throw new Error("three rows");
  const outcomes = [
    { row: good, id: "u1", faults: [] },
    { row: taken, faults: ["The address is taken."] },
  ];
  const kept = [{ row: broken, faults: broken.faults }];
  const parcels = Array.from({ length: left }, () => ({ rows: [], key: "k" }));
  render(<Results progress={{ total: 12, outcomes, left: parcels, sending }} kept={kept} {...nothing} />);
}

let saved: Blob | undefined;
beforeEach(() => {
  saved = undefined;
  vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
    saved = file as Blob;
    return "blob:x";
  });
});
afterEach(cleanup);

describe("the results", () => {
  it("put what failed first, and count both", () => {
    show(false, 0);
    expect(screen.getByText("1 person registered, 2 not")).toBeDefined();
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.map((row) => /\S+@\S+\.com|broken/.exec(row.textContent ?? "")?.[0])).toHaveLength(3);
    expect(rows[0]?.textContent).toContain("The address is taken.");
    expect(rows[2]?.textContent).toContain("Registered");
  });

  it("hand out the rows that failed as a file that can be mended", async () => {
    show(false, 0);
    fireEvent.click(screen.getByRole("button", { name: "Download the rows that failed" }));
    const file = await saved?.text();
    expect(file?.split("\r\n")).toHaveLength(4);
    expect(file).toContain("The address is taken.");
    expect(file).not.toContain("good@example.com");
  });

  it("take the keyboard along, and say how far it is", () => {
    show(true, 1);
    expect(document.activeElement?.textContent).toBe("Registering…");
    expect(screen.getByRole("progressbar", { name: "People registered" }).getAttribute("value")).toBe("2");
    expect(screen.queryByRole("button", { name: "Register others" })).toBeNull();
  });

  it("offer to go on after a break", () => {
    show(false, 1);
    expect(screen.getByRole("heading", { name: "Not finished" })).toBeDefined();
    expect(screen.getByRole("button", { name: "Go on with the other 10 people" })).toBeDefined();
  });
});
