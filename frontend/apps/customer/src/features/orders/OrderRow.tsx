/** One order in a list. */
import type { Order } from "@carat/api-client";
import { Badge, Money, Picture } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { formatDate, statuses } from "./status";

export function OrderRow({ order }: { order: Order }) {
  const { label, tone } = statuses[order.status];
  const [first, ...others] = order.lines;
  return (
    <li className="relative grid grid-cols-[4rem_1fr_auto] items-center gap-4 py-4 transition-colors hover:bg-tile/60">
      <Picture image={first?.image} subject={first?.title ?? ""} sizes="64px" decorative />
      <div className="min-w-0">
        <Link
          to="/orders/$id"
          params={{ id: order.id }}
          className="font-medium underline-offset-4 after:absolute after:inset-0 hover:underline"
        >
          Order {order.number}
        </Link>
        <p className="truncate text-sm text-muted">
          {first?.title}
          {others.length > 0 && ` and ${others.length} more`}
        </p>
        <p className="text-sm text-muted">{formatDate(order.created_at)}</p>
      </div>
      <div className="flex flex-col items-end gap-1.5">
        <Money value={order.total} />
        <Badge tone={tone}>{label}</Badge>
      </div>
    </li>
  );
}
