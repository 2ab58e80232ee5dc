/** Where the gift cards of an order are, and sending one elsewhere while it waits. */
import { api, call, fieldErrors, type Order, type OrderGift, toProblem } from "@carat/api-client";
import { Badge, Button, Input, Money, ProblemNotice, type Tone } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { giftsQuery } from "./queries";
import { formatDate } from "./status";

const states: Record<OrderGift["status"], [name: string, tone: Tone]> = {
  scheduled: ["Waits for its day", "neutral"],
  sending: ["Being sent", "neutral"],
  sent: ["Sent", "success"],
  failed: ["Not accepted", "danger"],
};

export function Gifts({ order, token }: { order: Order; token: string | undefined }) {
  const paid = order.status === "paid";
  const gifts = useQuery({ ...giftsQuery(order.id, token), enabled: paid });
  return (
    <section aria-labelledby="gifts">
      <h2 id="gifts" className="font-display text-heading">
        Gift cards
      </h2>
      {gifts.data && gifts.data.length > 0 ? (
        <ul className="mt-4 divide-y divide-line border-y border-line">
          {gifts.data.map((gift) => (
            <Gift key={gift.gift_card_id} gift={gift} order={order.id} token={token} />
          ))}
        </ul>
      ) : (
        <p className="mt-4 text-muted">
          {paid ? "They are being made, and sent in a moment." : "They are sent once the order is paid."}
        </p>
      )}
    </section>
  );
}

interface Props {
  gift: OrderGift;
  order: string;
  token: string | undefined;
}

function Gift({ gift, order, token }: Props) {
  const { value, recipient_email, recipient_name, status, send_at, sent_at } = gift;
  const [name, tone] = states[status];
  const [open, setOpen] = useState(false);
  const waits = status === "scheduled" || status === "failed";
  return (
    <li className="flex flex-col gap-3 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 wrap-anywhere">
          <Money value={value} className="font-medium" /> for {recipient_name ?? recipient_email}
        </p>
        <Badge tone={tone}>{name}</Badge>
      </div>
      <p className="text-sm text-muted wrap-anywhere">
        {sent_at ? `Sent on ${formatDate(sent_at)}` : `Goes on ${formatDate(send_at)}`} to {recipient_email}
      </p>
      {waits &&
        (open ? (
          <Elsewhere gift={gift} order={order} token={token} onDone={() => setOpen(false)} />
        ) : (
          <Button variant="secondary" className="self-start" onClick={() => setOpen(true)}>
            Send it elsewhere
          </Button>
        ))}
    </li>
  );
}

function Elsewhere({ gift, order, token, onDone }: Props & { onDone: () => void }) {
  const client = useQueryClient();
  const [to, setTo] = useState(gift.recipient_email);
  const send = useMutation({
    mutationFn: () =>
      call(
        api.PATCH("/api/v1/orders/{id}/gifts/{gift_card_id}", {
          params: { path: { id: order, gift_card_id: gift.gift_card_id }, query: { token } },
          body: { recipient_email: to.trim() },
        }),
      ),
    onSuccess: ({ data }) => {
      client.setQueryData(giftsQuery(order, token).queryKey, data);
      onDone();
    },
  });
  const problem = send.error ? toProblem(send.error) : undefined;
  const refused = problem && fieldErrors(problem).recipient_email;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex max-w-md flex-col gap-3">
      <Input
        label="E-mail"
        type="email"
        autoComplete="off"
        value={to}
        error={refused}
        onChange={(event) => setTo(event.target.value)}
      />
      {!refused && <ProblemNotice problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={send.isPending}>
          Send it there
        </Button>
        <Button variant="secondary" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
