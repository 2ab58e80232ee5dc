/** Users as a table, and where there is little room as cards of the same rows. The name's link covers its whole row. */
import type { AdminUser } from "@carat/api-client";
import { Badge, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { formatDay, formatTime } from "../../app/dates";
import { moveThroughRows } from "../../app/row-keys";
import { StateBadge } from "./StateBadge";
import { callName, roleNames, sessionCount } from "./words";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "@3xl:px-3 @3xl:py-2.5 align-middle";

export function UserTable({ users }: { users: AdminUser[] }) {
  return (
    <div className="@container">
      <table className="w-full table-fixed text-[0.9375rem] @max-3xl:block" onKeyDown={moveThroughRows}>
        <caption className="sr-only">Users. Arrow keys move through the rows, Enter opens one.</caption>
        <thead className="border-b border-line @max-3xl:hidden">
          <tr>
            <th scope="col" className={`${head} pl-0`}>
              User
            </th>
            <th scope="col" className={`${head} w-32`}>
              Role
            </th>
            <th scope="col" className={`${head} w-32`}>
              Status
            </th>
            <th scope="col" className={`${head} w-52`}>
              Last sign-in
            </th>
            <th scope="col" className={`${head} w-36`}>
              Registered
            </th>
          </tr>
        </thead>
        <tbody className="@max-3xl:block">
          {users.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UserRow({ user }: { user: AdminUser }) {
  const { id, name, email, role, shop_name, created_at, last_sign_in_at, two_factor, sessions } = user;
  return (
    <tr className="relative border-b border-line hover:bg-tile/50 @max-3xl:grid @max-3xl:grid-cols-[minmax(0,1fr)_auto] @max-3xl:gap-x-4 @max-3xl:py-3">
      <td className={`${cell} @3xl:pl-0`}>
        <Link
          to="/users/$id"
          params={{ id }}
          data-row
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {callName(user)}
        </Link>
        {(name || shop_name) && (
          <span className="block truncate text-[0.8125rem] text-muted">
            {[name && email, shop_name].filter(Boolean).join(" · ")}
          </span>
        )}
      </td>
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-1 @max-3xl:text-right`}>
        {role === "admin" ? <Badge tone="accent">{roleNames[role]}</Badge> : roleNames[role]}
      </td>
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-2 @max-3xl:mt-1 @max-3xl:text-right`}>
        <StateBadge user={user} />
      </td>
      <td
        className={`${cell} @max-3xl:col-start-1 @max-3xl:row-start-2 @max-3xl:mt-1 @max-3xl:text-[0.8125rem]`}
      >
        {last_sign_in_at ? (
          <>
            <span className="text-muted @3xl:hidden">Signed in </span>
            <time dateTime={last_sign_in_at}>{formatTime(last_sign_in_at)}</time>
          </>
        ) : (
          <span className="text-muted">Never</span>
        )}
        {!last_sign_in_at && <span className="text-muted @3xl:hidden"> signed in</span>}
        <span className="flex flex-wrap items-center gap-x-1.5 text-[0.8125rem] whitespace-nowrap text-muted">
          {sessionCount(sessions)}
          {two_factor && (
            <>
              <ShieldCheck aria-hidden="true" size={14} className="ml-1 text-success" /> two factors
            </>
          )}
        </span>
      </td>
      <td className={`${cell} whitespace-nowrap text-muted @max-3xl:hidden`}>
        <time dateTime={created_at}>{formatDay(created_at)}</time>
      </td>
    </tr>
  );
}

export function UserTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading the users" className="appear-late">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal blocks.
        <div key={at} className="flex items-center gap-6 border-b border-line py-3">
          <div className="flex-1">
            <Skeleton className="h-4 w-2/5" />
            <Skeleton className="mt-2 h-3 w-1/4" />
          </div>
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-4 w-24 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
