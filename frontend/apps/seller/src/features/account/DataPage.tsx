/** What the shop keeps of whoever works here. */
import { DeleteSection, ExportSection } from "@carat/identity";
import { toast } from "@carat/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { endSession, useUser } from "../identity/session";

export function DataPage() {
  usePageTitle("Your data");
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await navigate({ to: "/login", search: {}, replace: true });
    endSession(client);
    toast({ message: "Your account is deleted." });
  };
  return (
    <>
      <ExportSection />
      <DeleteSection user={user} onDeleted={() => void leave()} />
    </>
  );
}
