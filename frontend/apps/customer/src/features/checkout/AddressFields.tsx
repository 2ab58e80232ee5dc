/** The fields of an address, in the order in which people write it, and ready for the browser to fill in. */
import { Input, Select } from "@carat/ui";
import type { UseFormRegisterReturn } from "react-hook-form";
import type { AddressField } from "../identity/addresses/schema";
import { countries } from "./countries";

interface Props {
  /** What binds a field to its form. */
  field: (
    name: AddressField,
    autoComplete: string,
  ) => UseFormRegisterReturn & { autoComplete: string; error: string | undefined };
}

export function AddressFields({ field }: Props) {
  return (
    <div className="grid gap-5 sm:grid-cols-6">
      <Input label="Full name" className="sm:col-span-6" {...field("name", "name")} />
      <Input label="Street and number" className="sm:col-span-6" {...field("line1", "address-line1")} />
      <Input
        label="Flat, floor, company"
        optional
        className="sm:col-span-6"
        {...field("line2", "address-line2")}
      />
      <Input label="Postal code" className="sm:col-span-2" {...field("postal_code", "postal-code")} />
      <Input label="City" className="sm:col-span-4" {...field("city", "address-level2")} />
      <Input
        label="Region or state"
        optional
        className="sm:col-span-3"
        {...field("region", "address-level1")}
      />
      <Select label="Country" className="sm:col-span-3" {...field("country", "country")}>
        <option value="">Choose</option>
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  );
}
