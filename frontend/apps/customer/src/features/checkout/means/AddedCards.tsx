/** The gift cards that are to pay, each with what it gives and what stays on it. */
import { toProblem } from "@carat/api-client";
import { Button, Money, Skeleton } from "@carat/ui";
import { saidOfCard, saidOfProblem } from "../../gift-cards/words";
import type { AddedCard } from "./use-means";

interface Props {
  cards: AddedCard[];
  currency: string;
  onRemove: (code: string) => void;
}

export function AddedCards({ cards, currency, onRemove }: Props) {
  return (
    <ul aria-label="Gift cards" className="divide-y divide-line border-y border-line">
      {cards.map((card) => (
        <li key={card.code} className="flex items-center justify-between gap-4 py-2">
          <div className="min-w-0">
            <p>
              Gift card <Ending code={card.code} />
            </p>
            <p className="text-sm text-muted">
              <Gives card={card} currency={currency} />
            </p>
          </div>
          <Button variant="quiet" onClick={() => onRemove(card.code)}>
            Remove<span className="sr-only"> the gift card that ends with {card.code.slice(-4)}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** The last characters of a code, by which a card is told from others. */
export function Ending({ code }: { code: string }) {
  return (
    <span className="font-mono whitespace-nowrap">
      <span className="sr-only">ending with </span>
      <span aria-hidden="true">···· </span>
      {code.slice(-4)}
    </span>
  );
}

function Gives({ card, currency }: { card: AddedCard; currency: string }) {
  const { worth, error, gives } = card;
  if (error) return <span className="text-danger">{saidOfError(error)}</span>;
  if (!worth) return <Skeleton className="mt-1 h-4 w-40" />;
  const useless = saidOfCard(worth.status, worth.expires_at);
  if (useless) return <span className="text-danger">{useless.title}.</span>;
  if (worth.balance.currency !== currency) {
    return <span className="text-danger">It pays for pieces in {worth.balance.currency} only.</span>;
  }
  if (gives.amount === 0) return <>Not needed; all of it stays on the card.</>;
  const stays = worth.balance.amount - gives.amount;
  return (
    <>
      Gives <Money value={gives} />
      {stays > 0 && (
        <>
          ; <Money value={{ amount: stays, currency }} /> stay on it
        </>
      )}
    </>
  );
}

function saidOfError(error: Error): string {
  const problem = toProblem(error);
  return saidOfProblem(problem, "check")?.title ?? problem.message;
}
