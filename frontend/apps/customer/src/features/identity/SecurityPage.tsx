/** What keeps others out of the account. */
import { IdentitiesSection, PasskeysSection, SessionsSection, TotpSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "./AccountTitle";

export function SecurityPage() {
  usePageTitle("Security");
  return (
    <>
      <AccountTitle>Security</AccountTitle>
      <div className="mt-8">
        <PasskeysSection />
        <TotpSection />
        <IdentitiesSection />
        <SessionsSection />
      </div>
    </>
  );
}
