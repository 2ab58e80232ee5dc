/** The code of one more gift card: it is looked at before it is added, and what is wrong with it stands at the field. */
import { toProblem } from "@carat/api-client";
import { useCountdown } from "@carat/identity";
import { Button, formatMoney } from "@carat/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { faultOf } from "../../gift-cards/code";
import { GiftCodeField } from "../../gift-cards/GiftCodeField";
import { useCheck } from "../../gift-cards/queries";
import { saidOfCard, saidOfProblem } from "../../gift-cards/words";
import { worthQuery } from "./use-means";

interface Props {
  /** The codes that are there already. */
  added: string[];
  currency: string;
  onAdd: (code: string) => void;
  onCancel: () => void;
}

export function AddCard({ added, currency, onAdd, onCancel }: Props) {
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string>();
  const [wait, startWaiting] = useCountdown();
  const field = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const check = useCheck();
  useEffect(() => field.current?.focus(), []);

  const look = async (whole: string) => {
    const found = faultOf(whole) ?? (added.includes(whole) ? "This gift card is there already." : undefined);
    setFault(found);
    if (found) field.current?.focus();
    if (found || check.isPending || wait > 0) return;
    try {
      const worth = await check.mutateAsync(whole);
      const useless = saidOfCard(worth.status, worth.expires_at)?.title;
      const other =
        worth.balance.currency !== currency
          ? `It holds ${formatMoney(worth.balance)}, and pays for pieces in that currency only.`
          : undefined;
      if (useless || other) return setFault(useless ? `${useless}.` : other);
      client.setQueryData(worthQuery(whole).queryKey, worth);
      onAdd(whole);
    } catch (error) {
      const problem = toProblem(error);
      startWaiting(problem.retryAfter ?? 0);
      setFault(saidOfProblem(problem, "check")?.text ?? problem.message);
    }
  };
  // Within the checkout's form: Enter adds the card, and orders nothing.
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.target !== field.current) return;
    event.preventDefault();
    void look(code);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are the field's own
    <div className="flex flex-col gap-4" onKeyDown={keys}>
      <GiftCodeField
        label="Gift card code"
        field={field}
        code={code}
        onChange={(typed) => {
          setCode(typed);
          setFault(undefined);
        }}
        onComplete={(whole) => void look(whole)}
        error={fault}
      />
      <div className="flex flex-wrap gap-3">
        <Button pending={check.isPending} disabled={wait > 0} onClick={() => void look(code)}>
          {wait > 0 ? `Try again in ${wait} s` : "Use this card"}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          Not now
        </Button>
      </div>
    </div>
  );
}
