/** The delivery address, in the order in which people write it, and ready for the browser to fill in. */
import { Input, Select } from "@carat/ui";
import type { UseFormReturn } from "react-hook-form";
import { countries } from "./countries";
import type { CheckoutForm } from "./schema";

export function AddressFields({ form }: { form: UseFormReturn<CheckoutForm> }) {
  const errors = form.formState.errors.shipping_address;
  const field = (name: keyof CheckoutForm["shipping_address"], autoComplete: string) => ({
    ...form.register(`shipping_address.${name}`),
    autoComplete: `shipping ${autoComplete}`,
    error: errors?.[name]?.message,
  });
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
