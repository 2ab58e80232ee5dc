/** Giving money back: everything that is left, some pieces, or an amount. What it comes to stands on the button. */
import type { GiveRefundRequest, OrderLine, Refund } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import {
  Button,
  Dialog,
  formatMoney,
  Input,
  Money,
  type MoneyValue,
  ProblemNotice,
  parseAmount,
  toast,
} from "@carat/ui";
import { type ReactNode, useId, useState } from "react";
import {
  deliveryLeft,
  type Giver,
  leftOf,
  type RefundedOrder,
  totalLeft,
  useGiveRefund,
  worthOf,
} from "./refunds";

type Way = "rest" | "pieces" | "amount";

interface Props {
  order: RefundedOrder;
  by: Giver;
  refunds: Refund[];
  open: boolean;
  onClose: () => void;
}

export function RefundDialog({ open, onClose, ...form }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Give money back">
      <RefundForm {...form} onClose={onClose} />
    </Dialog>
  );
}

function RefundForm({ order, by, refunds, onClose }: Omit<Props, "open">) {
  const give = useGiveRefund(order.id, by);
  const [way, setWay] = useState<Way>("rest");
  const [pieces, setPieces] = useState<Record<string, number>>({});
  const [delivery, setDelivery] = useState(false);
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [restock, setRestock] = useState(false);
  const left = leftOf(order, refunds);
  const all = totalLeft(order, refunds);
  const ofDelivery = deliveryLeft(order, refunds);
  const { currency } = all;

  const chosen = order.lines.filter((line) => (pieces[line.id] ?? 0) > 0);
  const ofPieces = chosen.reduce((sum, line) => {
    const of = left.get(line.id);
    return sum + (of ? worthOf(line, pieces[line.id] ?? 0, of) : 0);
  }, 0);
  const chosenSum = Math.min(ofPieces + (delivery ? ofDelivery.amount : 0), all.amount);
  const amount: MoneyValue | undefined =
    way === "rest"
      ? all
      : way === "pieces"
        ? { amount: chosenSum, currency }
        : { amount: parseAmount(typed, currency) ?? 0, currency };
  const tooMuch = amount.amount > all.amount;
  const ready = amount.amount > 0 && !tooMuch;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const what: GiveRefundRequest =
      way === "rest"
        ? {}
        : way === "pieces"
          ? {
              ...(chosen.length > 0 && {
                lines: chosen.map((line) => ({ line_id: line.id, quantity: pieces[line.id] ?? 0 })),
              }),
              ...(delivery && { shipping: true }),
            }
          : { amount };
    give.mutate(
      { ...what, reason: reason.trim() || null, restock: restock && way !== "amount" },
      {
        onSuccess: (refund) => {
          toast({ message: `${formatMoney(refund.amount)} goes back to the customer.` });
          onClose();
        },
      },
    );
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <fieldset className="flex flex-col gap-2">
        <legend className="sr-only">What goes back</legend>
        <Choice way="rest" chosen={way} onChoose={setWay}>
          All that is left: <Money value={all} className="font-medium" />
        </Choice>
        <Choice way="pieces" chosen={way} onChoose={setWay}>
          Some of the pieces
        </Choice>
        {way === "pieces" && (
          <ul className="ml-8 flex flex-col divide-y divide-line border-y border-line">
            {order.lines.map((line) => (
              <PieceRow
                key={line.id}
                line={line}
                seller={by === "admin" ? line.seller.shop_name : undefined}
                most={left.get(line.id)?.pieces ?? 0}
                value={pieces[line.id] ?? 0}
                onChange={(count) => setPieces({ ...pieces, [line.id]: count })}
              />
            ))}
            {ofDelivery.amount > 0 && (
              <li>
                <label className="flex min-h-13 items-center justify-between gap-4 py-1.5">
                  <span>
                    Delivery
                    <Money value={ofDelivery} className="block text-sm text-muted" />
                  </span>
                  <input
                    type="checkbox"
                    checked={delivery}
                    onChange={(event) => setDelivery(event.target.checked)}
                    className="mr-3 size-5 accent-accent"
                  />
                </label>
              </li>
            )}
          </ul>
        )}
        <Choice way="amount" chosen={way} onChoose={setWay}>
          An amount
        </Choice>
        {way === "amount" && (
          <Input
            label={`Amount in ${currency}`}
            inputMode="decimal"
            autoComplete="off"
            className="ml-8 max-w-56"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={tooMuch ? `No more than ${formatMoney(all)} is left.` : undefined}
          />
        )}
      </fieldset>
      <Input
        label="Reason"
        optional
        maxLength={500}
        autoComplete="off"
        hint="For whoever looks at the order later."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {way !== "amount" && (
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={restock}
            onChange={(event) => setRestock(event.target.checked)}
            className="size-5 accent-accent"
          />
          Put the pieces back on sale
        </label>
      )}
      <p className="text-sm text-muted">
        It goes back to what the order was paid with: gift cards first, then store balance, then the card. The
        platform gives its fee back in proportion.
      </p>
      <ProblemNotice problem={shownProblem(give.error)} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={give.isPending} disabled={!ready}>
          {ready ? `Give back ${formatMoney(amount)}` : "Give back"}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  way: Way;
  chosen: Way;
  onChoose: (way: Way) => void;
  children: ReactNode;
}

function Choice({ way, chosen, onChoose, children }: ChoiceProps) {
  const id = useId();
  return (
    <span className="flex min-h-11 items-center gap-3">
      <input
        type="radio"
        id={id}
        name="way"
        checked={way === chosen}
        onChange={() => onChoose(way)}
        className="size-5 shrink-0 accent-accent"
      />
      <label htmlFor={id} className="flex-1 py-2">
        {children}
      </label>
    </span>
  );
}

interface PieceProps {
  line: OrderLine;
  /** Whose it is, where that is not plain. */
  seller: string | undefined;
  most: number;
  value: number;
  onChange: (count: number) => void;
}

function PieceRow({ line, seller, most, value, onChange }: PieceProps) {
  const id = useId();
  return (
    <li className="flex min-h-13 items-center justify-between gap-4 py-1.5">
      <label htmlFor={id} className="min-w-0">
        <span className="block truncate">{line.title}</span>
        <span className="text-sm text-muted">
          <Money value={line.unit_price} /> each{seller && `, ${seller}`}
        </span>
      </label>
      {most > 0 ? (
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(Number(event.target.value))}
          className="min-h-11 rounded-sm border border-edge bg-surface px-2.5"
        >
          {Array.from({ length: most + 1 }, (_, count) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the counts themselves.
            <option key={count} value={count}>
              {count} of {most}
            </option>
          ))}
        </select>
      ) : (
        <span className="text-sm text-muted">Given back</span>
      )}
    </li>
  );
}
