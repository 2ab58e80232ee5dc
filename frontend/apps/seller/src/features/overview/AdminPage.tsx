/** An administrator's first page: how many accounts there are in which state, who is new, and what happened lately. */
import { buttonClass, daysAgo } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { today } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { Panel, PanelProblem } from "../../app/Panel";
import { securityLog } from "../security-log/queries";
import { RecentEvents } from "../security-log/RecentEvents";
import { userList } from "../users/queries";
import { UserTable, UserTableSkeleton } from "../users/UserTable";
import { inFigures } from "./counts";
import { Figures } from "./Figures";

const counted = 100;
const shownUsers = 6;

export function AdminPage() {
  return (
    <>
      <PageHead
        title="Administration"
        actions={
          <Link to="/users/register" className={buttonClass()}>
            <UserPlus aria-hidden="true" size={18} /> Register users
          </Link>
        }
      >
        {today()}
      </PageHead>
      <FiguresRow />
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <NewestUsers />
        <Panel title="Lately" more={<Link to="/security-log">Security log</Link>}>
          <RecentEvents search={{}} most={8} />
        </Panel>
      </div>
    </>
  );
}

function FiguresRow() {
  const since = daysAgo(0);
  const everybody = useQuery(userList({}, counted));
  const unverified = useQuery(userList({ status: "unverified" }, counted));
  const disabled = useQuery(userList({ status: "disabled" }, counted));
  const failed = useQuery(securityLog({ kind: "login_failed", since }, counted));
  return (
    <Figures
      figures={[
        { name: "Users", value: count(everybody), link: { to: "/users" } },
        {
          name: "Not verified",
          value: count(unverified),
          link: { to: "/users", search: { status: "unverified" } },
        },
        { name: "Disabled", value: count(disabled), link: { to: "/users", search: { status: "disabled" } } },
        {
          name: "Failed sign-ins today",
          value: count(failed),
          link: { to: "/security-log", search: { kind: "login_failed", since } },
        },
      ]}
    />
  );
}

interface List {
  data: { data: unknown[]; next_cursor: string | null } | undefined;
  isError: boolean;
}

/** `undefined` while it is on the way, `null` where it could not be had. */
function count({ data, isError }: List): string | null | undefined {
  if (!data) return isError ? null : undefined;
  return inFigures(data.data.length, data.next_cursor !== null);
}

function NewestUsers() {
  const users = useQuery(userList({}, counted));
  return (
    <Panel title="Newest users" more={<Link to="/users">All users</Link>}>
      {users.isPending && <UserTableSkeleton rows={shownUsers} />}
      {users.isError && !users.data && <PanelProblem query={users} />}
      {users.data && <UserTable users={users.data.data.slice(0, shownUsers)} />}
    </Panel>
  );
}
