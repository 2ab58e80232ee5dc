/** A price, in the reader's own notation. */
import clsx from "clsx";
import { formatMoney, type MoneyValue } from "./money-format";

export function Money({ value, className }: { value: MoneyValue; className?: string }) {
  return <span className={clsx("whitespace-nowrap tabular-nums", className)}>{formatMoney(value)}</span>;
}
