/** One movement of money: what happened, how much, and what was in the balance afterwards. */
import type { Transaction } from "@carat/api-client";
import { formatMoney, Money } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { formatTime } from "../orders/status";
import { type Piece, sentenceOf } from "./sentences";

export function MovementRow({ movement }: { movement: Transaction }) {
  const { amount, balance_after, created_at } = movement;
  const came = amount.amount > 0;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 py-4">
      <p className="min-w-0">
        {sentenceOf(movement).map((piece) => (
          <Told key={"text" in piece ? piece.text : piece.order} piece={piece} />
        ))}
      </p>
      <p className={clsx("text-right whitespace-nowrap tabular-nums", came && "text-success")}>
        {came && "+"}
        {formatMoney(amount)}
      </p>
      <time dateTime={created_at} className="text-sm text-muted">
        {formatTime(created_at)}
      </time>
      {balance_after && (
        <p className="text-right text-sm text-muted">
          Balance <Money value={balance_after} />
        </p>
      )}
    </li>
  );
}

const link = "underline decoration-1 underline-offset-4 pointer-coarse:py-2.5";

function Told({ piece }: { piece: Piece }) {
  if ("text" in piece) return piece.text;
  if (piece.sold) {
    return (
      <a href={`/seller/orders/${piece.id}`} className={link}>
        {piece.order}
      </a>
    );
  }
  return (
    <Link to="/orders/$id" params={{ id: piece.id }} className={link}>
      {piece.order}
    </Link>
  );
}
