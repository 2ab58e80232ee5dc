/** The lines of the cart, each with its own state: changing, refused, no longer to be had, or taken out with a way back. */
import type { CartLine } from "@carat/api-client";
import { Button, Money, Picture, QuantityStepper } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Trash2 } from "lucide-react";
import { formatGiftDay } from "../gift-cards/gift";
import type { useCart } from "./use-cart";
import type { Removed } from "./use-removed";

interface Props {
  lines: CartLine[];
  cart: ReturnType<typeof useCart>;
  removed: Removed;
  /** What to do when the visitor follows a line to its piece. */
  onFollow?: () => void;
}

export function CartLines({ lines, cart, removed, onFollow }: Props) {
  return (
    <>
      {removed.last && (
        <p
          role="status"
          className="flex items-center justify-between gap-3 bg-tile py-1 pr-1 pl-4 text-[0.9375rem]"
        >
          <span className="min-w-0">{removed.last.title} is out of the cart.</span>
          <Button variant="quiet" className="underline underline-offset-4" onClick={removed.undo}>
            Undo
          </Button>
        </p>
      )}
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <Line
            key={line.gift ? line.id : line.variant_id}
            line={line}
            cart={cart}
            removed={removed}
            onFollow={onFollow}
          />
        ))}
      </ul>
    </>
  );
}

function Line({ line, cart, removed, onFollow }: Omit<Props, "lines"> & { line: CartLine }) {
  const isNew = line.id.startsWith("new:");
  const note = lineNote(line, cart.lineProblem(line.id, line.variant_id)?.message);
  return (
    <li className="grid grid-cols-[5.5rem_1fr] gap-4 py-5">
      <Picture image={line.image} subject={line.title} sizes="88px" decorative className="self-start" />
      <div className="min-w-0">
        <div className="flex justify-between gap-4">
          <div className="min-w-0">
            <Link
              to="/products/$slug"
              params={{ slug: line.product_slug }}
              onClick={onFollow}
              className="font-medium underline-offset-4 hover:underline"
            >
              {line.title}
            </Link>
            <p className="text-sm text-muted">{[line.seller.shop_name, ...optionTexts(line)].join(", ")}</p>
          </div>
          <Money
            value={line.total}
            className={clsx(
              "transition-opacity",
              (isNew || cart.isLineChanging(line.id)) && "opacity-50 delay-150",
            )}
          />
        </div>
        {line.gift && (
          <p className="mt-1 text-sm text-muted wrap-anywhere">
            For {line.gift.recipient_name ?? line.gift.recipient_email}
            {line.gift.deliver_on && `, on ${formatGiftDay(line.gift.deliver_on)}`}
          </p>
        )}
        {note && (
          <p role="alert" className="mt-2 text-sm text-danger">
            {note}
          </p>
        )}
        <div className="mt-3 flex items-center justify-between">
          <QuantityStepper
            value={line.quantity}
            max={line.stock}
            label={line.title}
            disabled={isNew}
            onChange={(quantity) => cart.setQuantity(line.id, quantity)}
          />
          <button
            type="button"
            disabled={isNew}
            aria-label={`Remove ${line.title}`}
            className="grid size-11 place-items-center rounded-sm text-muted transition-colors hover:bg-tile hover:text-ink"
            onClick={() => removed.remove(line)}
          >
            <Trash2 aria-hidden="true" size={18} strokeWidth={1.5} />
          </button>
        </div>
      </div>
    </li>
  );
}

export function optionTexts({ options }: { options: Record<string, string> }): string[] {
  return Object.entries(options).map(([name, value]) => `${name} ${value}`);
}

function lineNote(line: CartLine, problem: string | undefined): string | undefined {
  if (problem) return problem;
  if (line.available) return undefined;
  if (line.stock <= 0) return "This piece has been sold. Remove it to go on.";
  return `Only ${line.stock} left. Lower the quantity to go on.`;
}
