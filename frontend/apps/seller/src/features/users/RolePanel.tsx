/** What somebody may do. Another role is chosen here and confirmed in a dialog, because it signs them out everywhere. */
import { type AdminUser, fieldErrors } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, Input, ProblemNotice, toast } from "@carat/ui";
import { type FormEvent, useState } from "react";
import { Panel } from "../../app/Panel";
import { type Role, roles } from "./list-search";
import { useUpdateUser } from "./queries";
import { callName, roleMeanings, roleNames } from "./words";

export function RolePanel({ user }: { user: AdminUser }) {
  const [role, setRole] = useState<Role>(user.role);
  const [asking, setAsking] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (role !== user.role) setAsking(true);
  };
  return (
    <Panel title="Role">
      <form onSubmit={submit} className="flex flex-col items-start gap-3 pb-1">
        <fieldset className="w-full">
          <legend className="sr-only">Role</legend>
          {roles.map((each) => (
            <label key={each} className="flex min-h-11 cursor-pointer items-start gap-3 py-1.5">
              <input
                type="radio"
                name="role"
                value={each}
                checked={role === each}
                onChange={() => setRole(each)}
                className="mt-1 size-4 shrink-0 accent-accent"
              />
              <span>
                {roleNames[each]}
                <span className="block text-[0.8125rem] leading-5 text-muted">{roleMeanings[each]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Button type="submit" variant="secondary" disabled={role === user.role}>
          Change role…
        </Button>
      </form>
      {asking && (
        <ConfirmRole
          user={user}
          role={role}
          onClose={(done) => {
            setAsking(false);
            if (!done) setRole(user.role);
          }}
        />
      )}
    </Panel>
  );
}

interface ConfirmProps {
  user: AdminUser;
  role: Role;
  onClose: (done: boolean) => void;
}

function ConfirmRole({ user, role, onClose }: ConfirmProps) {
  const update = useUpdateUser(user.id);
  const [shop, setShop] = useState(user.shop_name ?? "");
  const [missing, setMissing] = useState(false);
  const needsShop = role === "seller";
  const problem = shownProblem(update.error);
  const refused = problem && fieldErrors(problem).shop_name;
  const name = callName(user);

  const confirm = () => {
    setMissing(needsShop && shop.trim() === "");
    if (needsShop && shop.trim() === "") return;
    update.mutate(
      { role, ...(needsShop && { shop_name: shop.trim() }) },
      {
        onSuccess: () => {
          onClose(true);
          toast({ message: `${name} is now ${withArticle(role)}. Their sessions have ended.` });
        },
      },
    );
  };

  return (
    <ConfirmDialog
      open
      title={`Make ${name} ${withArticle(role)}?`}
      confirmLabel={`Make ${withArticle(role)}`}
      variant={role === "admin" ? "danger" : "primary"}
      pending={update.isPending}
      onConfirm={confirm}
      onClose={() => onClose(false)}
    >
      <p className="mb-4">
        {consequence(user.role, role)} They are signed out everywhere, and sign in again with the new role.
      </p>
      {needsShop && (
        <Input
          label="Shop name"
          hint="Customers see it beside each piece."
          value={shop}
          maxLength={100}
          required
          error={missing ? "Give the shop a name." : refused}
          className="mb-4"
          onChange={(event) => setShop(event.target.value)}
        />
      )}
      {!refused && <ProblemNotice problem={problem} />}
    </ConfirmDialog>
  );
}

function consequence(from: Role, to: Role): string {
  if (to === "admin") return "Administrators can change every account, also those of other administrators.";
  if (from === "seller") return "They can no longer sell, nor see the orders for their pieces.";
  if (from === "admin") return "They can no longer see or change other accounts.";
  return "They can offer pieces for sale as soon as their address is verified.";
}

function withArticle(role: Role): string {
  return `${role === "admin" ? "an" : "a"} ${roleNames[role].toLowerCase()}`;
}
