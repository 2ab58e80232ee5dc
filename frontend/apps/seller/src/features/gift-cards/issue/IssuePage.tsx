/** Issuing gift cards: how many, worth what; and then their codes, this once. */
import type { NewGiftCard } from "@carat/api-client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { PageHead } from "../../../app/PageHead";
import { shopCurrencyQuery } from "../queries";
import { IssuedCodes } from "./IssuedCodes";
import { IssueFormView } from "./IssueFormView";

export function IssuePage() {
  const currency = useQuery(shopCurrencyQuery);
  const navigate = useNavigate();
  const [issued, setIssued] = useState<NewGiftCard[]>();
  if (issued) {
    return (
      <>
        <PageHead
          title={issued.length === 1 ? "Your new gift card" : `Your ${issued.length} new gift cards`}
        />
        <IssuedCodes cards={issued} onAgain={() => setIssued(undefined)} />
      </>
    );
  }
  return (
    <>
      <PageHead title="Issue gift cards">
        <Link to="/gift-cards" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Gift cards
        </Link>{" "}
        · whoever has a code has the money
      </PageHead>
      {!currency.isPending && (
        <IssueFormView
          currency={currency.data ?? "EUR"}
          onIssued={setIssued}
          onOrdered={({ id }) => void navigate({ to: "/gift-cards/batches/$id", params: { id } })}
        />
      )}
    </>
  );
}
