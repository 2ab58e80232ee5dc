/** Who one is, the name of the shop, and how one signs in by password. */
import { EmailSection, PasswordSection, ProfileSection } from "@carat/identity";
import { usePageTitle } from "../../app/page-title";
import { useChangedUser, useUser } from "../identity/session";

export function ProfilePage() {
  usePageTitle("Profile");
  const user = useUser();
  const onChange = useChangedUser();
  return (
    <>
      <ProfileSection user={user} onChange={onChange} />
      <EmailSection user={user} onChange={onChange} />
      <PasswordSection user={user} onChange={onChange} />
    </>
  );
}
