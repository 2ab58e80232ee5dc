/** The grid of variants: SKU, price and stock by row. Up, down and Enter move within a column, as in a spreadsheet. */
import { formatMoney, parseAmount } from "@carat/ui";
import { X } from "lucide-react";
import { type KeyboardEvent, memo, useCallback, useRef } from "react";
import { rowField } from "./faults";
import { GridCell } from "./GridCell";
import type { ProductForm } from "./use-product-form";
import { rowName, type VariantRow } from "./variants";

type Column = "sku" | "price" | "stock";

const head = "px-1.5 pb-1.5 text-left text-[0.8125rem] font-medium text-muted";

export function VariantsGrid({ form }: { form: ProductForm }) {
  const { values, change, faults, isNew } = form;
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
          {isNew && !single && (
            <th scope="col" className="w-12">
              <span className="sr-only">Take out</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {values.rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            single={single}
            follows={follows}
            skuFault={faults[rowField(row, "sku")]}
            priceFault={faults[rowField(row, "price")]}
            stockFault={faults[rowField(row, "stock")]}
            onEdit={edit}
            onTakeOut={isNew && !single && values.rows.length > 1 ? takeOut : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: VariantRow;
  single: boolean;
  follows: string;
  skuFault?: string;
  priceFault?: string;
  stockFault?: string;
  onEdit: (key: string, column: Column, text: string) => void;
  onTakeOut?: (key: string) => void;
}

const Row = memo(function Row({ row, single, follows, onEdit, onTakeOut, ...faults }: RowProps) {
  const name = rowName(row);
  const label = (what: string) => (single ? what : `${what} of ${name}`);
  const edit = (column: Column) => (text: string) => onEdit(row.key, column, text);
  return (
    <tr className="align-top max-md:relative max-md:grid max-md:grid-cols-6 max-md:gap-y-1 max-md:border-b max-md:border-line max-md:py-2.5 max-md:last:border-0">
      {!single && (
        <th
          scope="row"
          className="px-1.5 py-1 text-left font-medium max-md:col-span-6 max-md:pr-12 md:pt-2.5 md:align-top"
        >
          {name}
        </th>
      )}
      <td className="px-1.5 py-1 max-md:col-span-6">
        <GridCell
          name="SKU"
          label={label("SKU")}
          column="sku"
          value={row.sku}
          fault={faults.skuFault}
          placeholder="Drawn by itself"
          onChange={edit("sku")}
        />
      </td>
      {!single && (
        <td className="px-1.5 py-1 max-md:col-span-4">
          <GridCell
            name="Own price"
            label={label("Own price")}
            column="price"
            numeric="decimal"
            value={row.price}
            fault={faults.priceFault}
            placeholder={follows}
            onChange={edit("price")}
          />
        </td>
      )}
      <td className={`px-1.5 py-1 ${single ? "max-md:col-span-6" : "max-md:col-span-2"}`}>
        <GridCell
          name="In stock"
          label={label("In stock")}
          column="stock"
          numeric="numeric"
          value={row.stock}
          fault={faults.stockFault}
          onChange={edit("stock")}
        />
      </td>
      {onTakeOut && (
        <td className="py-1 max-md:absolute max-md:top-0 max-md:right-0">
          <button
            type="button"
            aria-label={`Take out ${name}`}
            onClick={() => onTakeOut(row.key)}
            className="grid size-11 place-items-center rounded-sm text-muted hover:bg-tile hover:text-danger md:size-10"
          >
            <X aria-hidden="true" size={16} />
          </button>
        </td>
      )}
    </tr>
  );
});

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
