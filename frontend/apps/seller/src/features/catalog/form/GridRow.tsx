/** A row of the grid. It is drawn again only when it changes itself, so typing stays quick among a hundred rows. */
import { X } from "lucide-react";
import { memo } from "react";
import { GridCell } from "./GridCell";
import { rowName, type VariantRow } from "./variants";

export type Column = "sku" | "price" | "stock";

interface Props {
  row: VariantRow;
  single: boolean;
  follows: string;
  skuFault?: string;
  priceFault?: string;
  stockFault?: string;
  onEdit: (key: string, column: Column, text: string) => void;
  onTakeOut?: (key: string) => void;
}

export const GridRow = memo(function GridRow({ row, single, follows, onEdit, onTakeOut, ...faults }: Props) {
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
