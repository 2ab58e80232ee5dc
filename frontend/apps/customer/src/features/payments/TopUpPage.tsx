/** Paying into one's balance by card: how much, and on to where it is paid. */
import { fieldErrors, toProblem } from "@carat/api-client";
import { Button, ConfirmDialog, formatMoney, Input, type MoneyValue, ProblemNotice } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { type FormEvent, useRef, useState } from "react";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "../identity/AccountTitle";
import { offeredAmounts, typedAmount } from "./amounts";
import { shopCurrencyQuery, useTopUp } from "./queries";

export function TopUpPage() {
  usePageTitle("Add to your balance");
  const currency = useQuery(shopCurrencyQuery);
  return (
    <>
      <AccountTitle>Add to your balance</AccountTitle>
      <p className="mt-3 max-w-[52ch] text-muted">
        You pay by card, and the amount is in your{" "}
        <Link to="/account/balance" search={{}} className="text-ink underline underline-offset-4">
          balance
        </Link>{" "}
        as soon as the payment has arrived. It has no end, and pays for pieces in its own currency.
      </p>
      {!currency.isPending && <TopUpForm currency={currency.data ?? "EUR"} />}
    </>
  );
}

function TopUpForm({ currency }: { currency: string }) {
  const topUp = useTopUp();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<MoneyValue>();
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLInputElement>(null);

  const problem = topUp.error ? toProblem(topUp.error) : undefined;
  const isTwin = problem?.code === "duplicate-payment";
  const atField = problem && fieldErrors(problem)["amount.amount"];
  const wish = chosen ?? typedAmount(typed, currency);

  const choose = (amount: MoneyValue | undefined, text = "") => {
    setChosen(amount);
    setTyped(text);
    setFault(undefined);
    topUp.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wish) topUp.mutate({ amount: wish, again: false });
    else {
      setFault("Enter how much you want to add.");
      field.current?.focus();
    }
  };

  return (
    <form onSubmit={submit} noValidate className="mt-8 flex max-w-md flex-col gap-6">
      <fieldset>
        <legend className="text-sm font-medium">How much</legend>
        <div className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-4">
          {offeredAmounts(currency).map((amount) => (
            <button
              key={amount.amount}
              type="button"
              aria-pressed={chosen?.amount === amount.amount}
              onClick={() => choose(amount)}
              className={clsx(
                "min-h-12 rounded-sm border px-2 tabular-nums transition-colors hover:border-ink",
                chosen?.amount === amount.amount
                  ? "border-ink bg-tile font-medium"
                  : "border-edge bg-surface",
              )}
            >
              {formatMoney(amount).replace(/[.,]0+(?=\D*$)/, "")}
            </button>
          ))}
        </div>
      </fieldset>
      <Input
        ref={field}
        label={`Another amount, in ${currency}`}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        error={fault ?? atField}
        onChange={(event) => choose(undefined, event.target.value)}
      />
      {!isTwin && !atField && <ProblemNotice problem={problem} />}
      <Button
        type="submit"
        size="large"
        className="self-start max-sm:w-full"
        pending={topUp.isPending || topUp.isSuccess}
      >
        {wish ? `Pay ${formatMoney(wish)} by card` : "Pay by card"}
      </Button>
      <ConfirmDialog
        open={isTwin}
        onClose={topUp.reset}
        title="Add the same amount again?"
        confirmLabel="Add it again"
        variant="primary"
        pending={topUp.isPending}
        onConfirm={() => wish && topUp.mutate({ amount: wish, again: true })}
      >
        <p>
          You have added {wish ? formatMoney(wish) : "this amount"} within the last minute. If you didn't mean
          to do it twice, leave it: what you have paid is on its way.
        </p>
      </ConfirmDialog>
    </form>
  );
}
