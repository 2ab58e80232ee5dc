/** One account: what is known about it, what happened around it lately, and what an administrator may do with it. */
import type { AdminUser } from "@carat/api-client";
import { CopyButton, Notice, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { Fact, Facts, Missing } from "../../app/Facts";
import { PageHead } from "../../app/PageHead";
import { Panel } from "../../app/Panel";
import { ProblemState } from "../../app/ProblemState";
import { useUser } from "../identity/session";
import { RecentEvents } from "../security-log/RecentEvents";
import { AccessPanel } from "./AccessPanel";
import { userQuery } from "./queries";
import { RolePanel } from "./RolePanel";
import { SessionsPanel } from "./SessionsPanel";
import { StateBadge } from "./StateBadge";
import { callName, roleNames } from "./words";

const route = getRouteApi("/guard/administration/users/$id");

export function UserPage() {
  const { id } = route.useParams();
  const user = useQuery(userQuery(id));
  if (user.data) return <UserView key={id} user={user.data} />;
  if (user.isError)
    return <ProblemState error={user.error} what="user" onRetry={() => void user.refetch()} />;
  return <UserSkeleton />;
}

function UserView({ user }: { user: AdminUser }) {
  const own = useUser().id === user.id;
  return (
    <>
      <PageHead title={callName(user)} aside={<StateBadge user={user} />}>
        <Link to="/users" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Users
        </Link>{" "}
        · {roleNames[user.role]}
        {user.shop_name && ` · ${user.shop_name}`}
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex flex-col gap-4">
          <FactsPanel user={user} />
          <Panel
            title="Lately"
            more={
              <Link to="/security-log" search={{ user: user.id }}>
                Their security log
              </Link>
            }
          >
            <RecentEvents search={{ user: user.id }} />
          </Panel>
        </div>
        <div className="flex flex-col gap-4">
          {own && (
            <Notice title="This is your own account">
              Another administrator can change your role, or disable you. That way, nobody locks themselves
              out.
            </Notice>
          )}
          {user.status === "deleted" && (
            <Notice title="This account is deleted">
              What was personal is erased. Orders remain, and so does this page, so that the security log
              stays readable.
            </Notice>
          )}
          {!own && user.status !== "deleted" && <RolePanel user={user} />}
          {user.status !== "deleted" && <SessionsPanel user={user} own={own} />}
          {!own && user.status !== "deleted" && <AccessPanel user={user} />}
        </div>
      </div>
    </>
  );
}

function FactsPanel({ user }: { user: AdminUser }) {
  const { id, email, email_verified, pending_email, name, phone, shop_name } = user;
  const { created_at, last_sign_in_at, disabled_at, two_factor, has_password } = user;
  return (
    <Panel title="The account">
      <Facts>
        <Fact name="Name">{name ?? <Missing>not given</Missing>}</Fact>
        <Fact name="E-mail">
          <span className="wrap-anywhere">{email}</span>{" "}
          <Missing>{email_verified ? "verified" : "not verified"}</Missing>
        </Fact>
        {pending_email && (
          <Fact name="Changes to">
            <span className="wrap-anywhere">{pending_email}</span>
          </Fact>
        )}
        <Fact name="Phone">{phone ?? <Missing>not given</Missing>}</Fact>
        {shop_name && <Fact name="Shop">{shop_name}</Fact>}
        <Fact name="Registered">{formatTime(created_at)}</Fact>
        <Fact name="Last sign-in">
          {last_sign_in_at ? formatTime(last_sign_in_at) : <Missing>never</Missing>}
        </Fact>
        <Fact name="Two factors">{two_factor ? "On" : <Missing>off</Missing>}</Fact>
        <Fact name="Password">{has_password ? "Set" : <Missing>none</Missing>}</Fact>
        {disabled_at && <Fact name="Disabled">{formatTime(disabled_at)}</Fact>}
        <Fact name="Id">
          <span className="flex flex-wrap items-center gap-x-2">
            <code className="text-[0.8125rem] break-all">{id}</code>
            <CopyButton text={id} what="id" />
          </span>
        </Fact>
      </Facts>
    </Panel>
  );
}

function UserSkeleton() {
  return (
    <div role="status" aria-label="Loading the user" className="appear-late">
      <Skeleton className="mb-8 h-9 w-56" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <Skeleton className="h-96" />
        <Skeleton className="h-72" />
      </div>
    </div>
  );
}
