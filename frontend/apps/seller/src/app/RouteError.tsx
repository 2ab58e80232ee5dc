/** What stands in a page's place when the page itself fails, for example because its script could not be loaded. */
import { ErrorState } from "@carat/ui";

export function RouteError() {
  return (
    <ErrorState
      title="This page did not open"
      message="Perhaps the connection broke, or the app has just been renewed. Loading the page again usually helps; drafts are kept."
      onRetry={() => window.location.reload()}
    />
  );
}
