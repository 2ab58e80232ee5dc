/** What keeps others out of the account. */
import { IdentitiesSection, PasskeysSection, SessionsSection, TotpSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";

export function SecurityPage() {
  usePageTitle("Security");
  return (
    <>
      <TotpSection />
      <PasskeysSection />
      <SessionsSection />
      <IdentitiesSection />
    </>
  );
}
