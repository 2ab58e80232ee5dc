/** The grid of variants: SKU, price and stock by row. Up, down and Enter move within a column, as in a spreadsheet. */
import { formatMoney, parseAmount } from "@carat/ui";
import { type KeyboardEvent, useCallback, useRef } from "react";
import { rowField } from "./faults";
import { type Column, GridRow } from "./GridRow";
import type { ProductForm } from "./use-product-form";
import { rowName, type VariantRow } from "./variants";

const head = "px-1.5 pb-1.5 text-left text-[0.8125rem] font-medium text-muted";

export function VariantsGrid({ form }: { form: ProductForm }) {
  const { values, change, faults } = form;
  const single = values.rows.length === 1 && rowName(values.rows[0] as VariantRow) === "";
  const latest = useRef(values);
  latest.current = values;

  const edit = useCallback(
    (key: string, column: Column, text: string) =>
      change({
        rows: latest.current.rows.map((row) => (row.key === key ? { ...row, [column]: text } : row)),
      }),
    [change],
  );
  const takeOut = useCallback(
    (key: string) => {
      const { rows, leftOut } = latest.current;
      const taken = rows.filter((row) => row.key === key);
      change({ rows: rows.filter((row) => row.key !== key), leftOut: [...leftOut, ...taken] });
    },
    [change],
  );
  const amount = parseAmount(values.price, values.currency);
  const follows = amount === undefined ? "" : formatMoney({ amount, currency: values.currency });

  return (
    <table className="-mx-1.5 w-[calc(100%+0.75rem)] text-[0.9375rem] max-md:block" onKeyDown={moveInColumn}>
      <caption className="sr-only">{single ? "Stock" : "Variants"}</caption>
      <thead className="max-md:hidden">
        <tr>
          {!single && (
            <th scope="col" className={head}>
              Variant
            </th>
          )}
          <th scope="col" className={head}>
            SKU
          </th>
          {!single && (
            <th scope="col" className={`${head} w-36`}>
              Own price
            </th>
          )}
          <th scope="col" className={`${head} w-28`}>
            In stock
          </th>
          {!single && (
            <th scope="col" className="w-12">
              <span className="sr-only">Take out</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {values.rows.map((row) => (
          <GridRow
            key={row.key}
            row={row}
            single={single}
            follows={follows}
            skuFault={faults[rowField(row, "sku")]}
            priceFault={faults[rowField(row, "price")]}
            stockFault={faults[rowField(row, "stock")]}
            onEdit={edit}
            onTakeOut={!single && values.rows.length > 1 ? takeOut : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

function moveInColumn(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  const field = event.target;
  if (step === undefined || !(field instanceof HTMLInputElement)) return;
  event.preventDefault();
  const column = event.currentTarget.querySelectorAll<HTMLInputElement>(
    `[data-column="${field.dataset.column}"]`,
  );
  const next = column[Array.from(column).indexOf(field) + step];
  next?.focus();
  next?.select();
}
