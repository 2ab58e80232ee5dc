/** Keys for the owner's own programs. */
import { ApiKeysSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "./AccountTitle";
import { useUser } from "./session";

export function ApiKeysPage() {
  usePageTitle("API keys");
  const user = useUser();
  return (
    <>
      <AccountTitle>API keys</AccountTitle>
      <div className="mt-8">
        <ApiKeysSection user={user} />
      </div>
    </>
  );
}
