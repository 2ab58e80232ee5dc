/** How the mail with a gift card stands, and sending it elsewhere. Once it may have arrived, that takes another code. */
import type { GiftCard, GiftDelivery } from "@carat/api-client";
import { fieldErrors, toProblem } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Badge, Button, Input, ProblemNotice, type Tone, toast } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { formatTime } from "../../app/dates";
import { Panel } from "../../app/Panel";
import { deliveryQuery, useSendAgain } from "./queries";

const states: Record<GiftDelivery["status"], [name: string, tone: Tone]> = {
  scheduled: ["Waits for its day", "neutral"],
  sending: ["Being sent", "neutral"],
  sent: ["Sent", "success"],
  failed: ["Not accepted", "danger"],
};

export function DeliveryPanel({ card }: { card: GiftCard }) {
  const delivery = useQuery(deliveryQuery(card.id)).data;
  if (!delivery) return null;
  const [name, tone] = states[delivery.status];
  return (
    <Panel title="Mail" more={<Badge tone={tone}>{name}</Badge>}>
      <div className="flex flex-col gap-3 pb-1">
        <p className="wrap-anywhere">
          {delivery.sent_at
            ? `Sent ${formatTime(delivery.sent_at)} to ${delivery.recipient_email}.`
            : `Goes ${formatTime(delivery.send_at)} to ${delivery.recipient_email}.`}
        </p>
        {delivery.message && (
          <blockquote className="border-l-2 border-line pl-3 text-muted whitespace-pre-line wrap-anywhere">
            {delivery.message}
          </blockquote>
        )}
        {card.status === "active" && <SendAgain delivery={delivery} />}
      </div>
    </Panel>
  );
}

function SendAgain({ delivery }: { delivery: GiftDelivery }) {
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState(delivery.recipient_email);
  const send = useSendAgain(delivery.gift_card_id);
  const anew = delivery.status === "sent" || delivery.status === "sending";
  if (!open) {
    return (
      <Button variant="secondary" className="self-start" onClick={() => setOpen(true)}>
        {anew ? "Send it once more" : "Send it elsewhere"}
      </Button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(to.trim(), {
      onSuccess: () => {
        setOpen(false);
        toast({ message: anew ? "It is sent with another code." : "It goes there." });
      },
    });
  };
  const refused = send.error ? fieldErrors(toProblem(send.error)).recipient_email : undefined;
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <Input
        label="E-mail"
        type="email"
        autoComplete="off"
        value={to}
        error={refused}
        onChange={(event) => setTo(event.target.value)}
      />
      {anew && (
        <p className="text-[0.9375rem] text-muted">
          The mail may have arrived. The card gets another code, and the old one is void.
        </p>
      )}
      {!refused && <ProblemNotice problem={shownProblem(send.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={send.isPending}>
          {anew ? "Send another code" : "Send it there"}
        </Button>
        <Button variant="secondary" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
