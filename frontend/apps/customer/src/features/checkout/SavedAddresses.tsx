/** The customer's own addresses at the checkout: choosing one fills the form in, where it can still be changed. */
import { Select } from "@carat/ui";
import type { Address } from "../identity/addresses/queries";
import type { CheckoutForm } from "./schema";

interface Props {
  addresses: Address[];
  /** What stands in the form now. */
  current: CheckoutForm["shipping_address"];
  onChoose: (address: CheckoutForm["shipping_address"]) => void;
}

export function SavedAddresses({ addresses, current, onChoose }: Props) {
  const chosen = addresses.find((address) => isSame(address, current));
  return (
    <Select
      label="Deliver to"
      value={chosen?.id ?? ""}
      onChange={(event) => {
        const address = addresses.find(({ id }) => id === event.target.value);
        onChoose(address ? toForm(address) : emptyAddress(current));
      }}
    >
      {addresses.map(({ id, name, line1, city }) => (
        <option key={id} value={id}>
          {name}, {line1}, {city}
        </option>
      ))}
      <option value="">Another address</option>
    </Select>
  );
}

/** A saved address as the checkout's form has it. */
export function toForm(address: Address): CheckoutForm["shipping_address"] {
  const { name, line1, line2, postal_code, city, region, country } = address;
  return { name, line1, line2: line2 ?? "", postal_code, city, region: region ?? "", country };
}

function emptyAddress({ name, country }: CheckoutForm["shipping_address"]) {
  return { name, line1: "", line2: "", postal_code: "", city: "", region: "", country };
}

function isSame(address: Address, current: CheckoutForm["shipping_address"]): boolean {
  return Object.entries(toForm(address)).every(
    ([field, value]) => value === (current[field as keyof typeof current] ?? "").trim(),
  );
}
