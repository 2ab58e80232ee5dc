/** What the shop keeps of its customer. */
import { DeleteSection, ExportSection } from "@carat/identity";
import { toast } from "@carat/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "./AccountTitle";
import { endSession, useUser } from "./session";

export function DataPage() {
  usePageTitle("Your data");
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await navigate({ to: "/", replace: true });
    endSession(client);
    toast({ message: "Your account is deleted. Thank you for having been here." });
  };
  return (
    <>
      <AccountTitle>Your data</AccountTitle>
      <div className="mt-8">
        <ExportSection />
        <DeleteSection user={user} onDeleted={() => void leave()} />
      </div>
    </>
  );
}
