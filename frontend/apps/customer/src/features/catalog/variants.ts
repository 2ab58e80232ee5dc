/**
 * Choosing among a product's variants, option by option: "Size" first, then "Metal", in whatever order. A choice always leads to
 * a variant that exists, keeping as many of the other choices as it can.
 */
import type { Variant } from "@carat/api-client";

export interface OptionGroup {
  name: string;
  values: { value: string; chosen: boolean; inStock: boolean }[];
}

/** The variant to begin with: the first that can be had. */
export function firstVariant(variants: Variant[]): Variant | undefined {
  return variants.find(({ stock }) => stock > 0) ?? variants[0];
}

export function chooseOption(variants: Variant[], current: Variant, name: string, value: string): Variant {
  const candidates = variants.filter(({ options }) => options[name] === value);
  const agreement = ({ options }: Variant) =>
    Object.entries(current.options).filter(([key, kept]) => key !== name && options[key] === kept).length;
  const rank = (variant: Variant) => agreement(variant) * 2 + (variant.stock > 0 ? 1 : 0);
  return candidates.reduce((best, each) => (rank(each) > rank(best) ? each : best), candidates[0] ?? current);
}

export function optionGroups(variants: Variant[], current: Variant): OptionGroup[] {
  const names = [...new Set(variants.flatMap(({ options }) => Object.keys(options)))];
  return names.map((name) => {
    const values = new Set(variants.flatMap(({ options }) => options[name] ?? []));
    return {
      name,
      values: [...values].map((value) => ({
        value,
        chosen: current.options[name] === value,
        inStock: chooseOption(variants, current, name, value).stock > 0,
      })),
    };
  });
}

/** What stands beside the button: never more, never less than the truth. */
export function stockText(stock: number): string {
  if (stock <= 0) return "Sold out";
  if (stock === 1) return "Only one left";
  if (stock <= 5) return `Only ${stock} left`;
  return `In stock, ${stock} pieces`;
}
