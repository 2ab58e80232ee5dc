/** Who one is, and how one signs in by password. */
import { EmailSection, PasswordSection, ProfileSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "./AccountTitle";
import { useChangedUser, useUser } from "./session";

export function ProfilePage() {
  usePageTitle("Profile");
  const user = useUser();
  const onChange = useChangedUser();
  return (
    <>
      <AccountTitle>Profile</AccountTitle>
      <div className="mt-8">
        <ProfileSection user={user} onChange={onChange} />
        <EmailSection user={user} onChange={onChange} />
        <PasswordSection user={user} onChange={onChange} />
      </div>
    </>
  );
}
