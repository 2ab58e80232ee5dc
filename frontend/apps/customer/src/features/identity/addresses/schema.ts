/** What an address needs, checked before the server is asked. The names are the API's own; the checkout asks for the same. */
import * as v from "valibot";

const required = (message: string) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty(message), v.maxLength(200, "This is too long."));
const optional = v.pipe(v.string(), v.trim(), v.maxLength(200, "This is too long."));

export const addressEntries = {
  name: required("Enter the name of whoever receives it."),
  line1: required("Enter street and number."),
  line2: optional,
  postal_code: required("Enter the postal code."),
  city: required("Enter the city."),
  region: optional,
  country: required("Choose the country."),
};

export const addressFields = ["name", "line1", "line2", "postal_code", "city", "region", "country"] as const;

export type AddressField = (typeof addressFields)[number];

export const addressSchema = v.object({ ...addressEntries, default: v.boolean() });

export type AddressForm = v.InferOutput<typeof addressSchema>;
