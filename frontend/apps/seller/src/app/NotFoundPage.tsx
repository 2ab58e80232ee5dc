/** There is nothing at this address. */
import { buttonClass, EmptyState, StandIn } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "./page-title";

export function NotFoundPage({ what = "page" }: { what?: string }) {
  usePageTitle("Not found");
  return (
    <EmptyState
      level={1}
      title={`This ${what} is not here`}
      drawing={<StandIn subject="" />}
      action={
        <Link to="/" className={buttonClass()}>
          Go to today
        </Link>
      }
    >
      The address may be mistyped{what !== "user" && `, or the ${what} belongs to another shop`}.
    </EmptyState>
  );
}
