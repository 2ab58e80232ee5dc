/** What the checkout asks for, checked before the server is asked. The names are the API's own. */
import * as v from "valibot";
import { addressEntries } from "../identity/addresses/schema";

const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty("Enter your e-mail address."),
  v.email("Enter an address like anna@example.com."),
);

const shippedSchema = v.object({ email, shipping_address: v.object(addressEntries) });

/** What was typed as an address is kept, and neither asked for nor looked at. */
const mailedSchema = v.object({ email, shipping_address: v.any() });

export type CheckoutForm = v.InferOutput<typeof shippedSchema>;

export function checkoutSchema(shipped: boolean): v.GenericSchema<CheckoutForm> {
  return shipped ? shippedSchema : mailedSchema;
}

export const checkoutFields = [
  "email",
  "shipping_address.name",
  "shipping_address.line1",
  "shipping_address.line2",
  "shipping_address.postal_code",
  "shipping_address.city",
  "shipping_address.region",
  "shipping_address.country",
] as const;

/** The optional lines are left out where they are empty. */
export function withoutEmpty({ line2, region, ...address }: CheckoutForm["shipping_address"]) {
  return { ...address, ...(line2 && { line2 }), ...(region && { region }) };
}
