/** Why the order could not be placed, and what to do about it. */
import type { Money as MoneyValue, Problem } from "@carat/api-client";
import { Money, Notice, ProblemNotice } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { saidOfProblem } from "../gift-cards/words";

interface ShortLine {
  title: string;
  requested: number;
  available: number;
}

const link = "underline underline-offset-4";

export function CheckoutProblem({ problem }: { problem: Problem | undefined }) {
  switch (problem?.code) {
    case "price-changed":
      return (
        <Notice tone="warning" title="A price has changed meanwhile">
          <p>
            The total is now <Money value={problem.extras.total as MoneyValue} className="font-medium" />. If
            that suits you, place the order again.
          </p>
        </Notice>
      );
    case "insufficient-stock":
      return (
        <Notice tone="warning" title="Somebody was faster">
          <ul>
            {(problem.extras.lines as ShortLine[]).map(({ title, available }) => (
              <li key={title}>
                {title}: {available > 0 ? `only ${available} left` : "sold out"}
              </li>
            ))}
          </ul>
          <p>
            <Link to="/cart" className={link}>
              Change your cart
            </Link>
          </p>
        </Notice>
      );
    case "email-not-verified":
      return (
        <Notice tone="warning" title="Verify your e-mail address first">
          <p>
            It takes six digits.{" "}
            <Link to="/verify" search={{ redirect: "/checkout" }} className={link}>
              Enter the code
            </Link>
          </p>
        </Notice>
      );
    case "gift-card-not-found":
    case "gift-card-already-redeemed":
    case "gift-card-expired":
    case "gift-card-disabled":
      return (
        <Notice tone="warning" title={saidOfProblem(problem, "check")?.title}>
          <p>
            {problem.extras.last4 ? `It is the one that ends with ${problem.extras.last4}. ` : ""}
            Nothing was ordered, and nothing was taken. Remove it and order again.
          </p>
        </Notice>
      );
    case "too-many-attempts":
      return <Notice tone="warning" title={saidOfProblem(problem, "check")?.title} />;
    default:
      return <ProblemNotice problem={problem} />;
  }
}
