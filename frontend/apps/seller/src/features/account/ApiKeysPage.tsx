/** Keys with which one's own programs use the API. */
import { ApiKeysSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";
import { useUser } from "../identity/session";

export function ApiKeysPage() {
  usePageTitle("API keys");
  return <ApiKeysSection user={useUser()} />;
}
