/** An address as it stands on a parcel. */
import type { ShippingAddress } from "@carat/api-client";

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function addressLines({
  name,
  line1,
  line2,
  postal_code,
  city,
  region,
  country,
}: ShippingAddress): string[] {
  const lines = [name, line1, line2, `${postal_code} ${city}`, region, countryName(country)];
  return lines.filter((line): line is string => Boolean(line?.trim()));
}
