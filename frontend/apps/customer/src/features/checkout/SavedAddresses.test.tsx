import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Address } from "../identity/addresses/queries";
import { SavedAddresses, toForm } from "./SavedAddresses";

const nantes: Address = {
  id: "n",
  name: "Ada Lovelace",
  line1: "12 rue des Tanneurs",
  line2: null,
  postal_code: "44000",
  city: "Nantes",
  region: null,
  country: "FR",
  default: true,
  created_at: "2026-11-21T06:12:00Z",
  updated_at: "2026-11-21T06:12:00Z",
};
const london: Address = { ...nantes, id: "l", line1: "5 St James’s Square", city: "London", country: "GB" };

afterEach(cleanup);

function show(current = toForm(nantes)) {
  const onChoose = vi.fn();
  render(<SavedAddresses addresses={[nantes, london]} current={current} onChoose={onChoose} />);
  return { onChoose, choice: screen.getByLabelText<HTMLSelectElement>("Deliver to") };
}

describe("saved addresses at the checkout", () => {
  it("name the one that stands in the form", () => {
    expect(show().choice.value).toBe("n");
  });

  it("fill the form in, with nothing where an address has nothing", () => {
    const { onChoose, choice } = show();
    fireEvent.change(choice, { target: { value: "l" } });
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ city: "London", line2: "" }));
  });

  it("give way to another address, of the same person in the same country", () => {
    const { onChoose, choice } = show();
    fireEvent.change(choice, { target: { value: "" } });
    expect(onChoose).toHaveBeenCalledExactlyOnceWith({
      ...{ name: "Ada Lovelace", country: "FR" },
      ...{ line1: "", line2: "", postal_code: "", city: "", region: "" },
    });
  });

  it("are none of them once the form was changed by hand", () => {
    expect(show({ ...toForm(nantes), line1: "14 rue des Tanneurs" }).choice.value).toBe("");
  });
});
