/** Everybody who has an account: searched, filtered, sorted, page by page. All of it stands in the address. */
import { buttonClass, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { UserPlus } from "lucide-react";
import { FilterSelect } from "../../app/FilterSelect";
import { PageHead } from "../../app/PageHead";
import { Pager } from "../../app/Pager";
import { ProblemState } from "../../app/ProblemState";
import { SearchBox } from "../../app/SearchBox";
import { Tabs, tabClass } from "../../app/Tabs";
import { roles, type UserSearch, type UserSort, userSorts, userStatuses } from "./list-search";
import { userList } from "./queries";
import { UserTable, UserTableSkeleton } from "./UserTable";
import { roleNames, statusNames } from "./words";

const route = getRouteApi("/guard/administration/users");

const sortNames: Record<UserSort, string> = {
  created_at: "Oldest first",
  email: "By e-mail address",
  "-email": "By e-mail address, backwards",
};

export function UsersPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  // Another filter begins at its own first page.
  const show = (change: UserSearch) => {
    const { cursor: _, ...filters } = search;
    void navigate({ to: "/users", search: { ...filters, ...change }, replace: true });
  };
  return (
    <>
      <PageHead
        title="Users"
        actions={
          <Link to="/users/register" className={buttonClass()}>
            <UserPlus aria-hidden="true" size={18} /> Register users
          </Link>
        }
      />
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <SearchBox q={search.q} label="Search name, e-mail or shop" onSearch={(q) => show({ q })} />
        <FilterSelect
          label="Role"
          all="Every role"
          value={search.role}
          options={roles.map((role) => [role, roleNames[role]])}
          onChange={(role) => show({ role })}
        />
        <FilterSelect
          label="Order"
          all="Newest first"
          value={search.sort}
          options={userSorts.map((sort) => [sort, sortNames[sort]])}
          onChange={(sort) => show({ sort })}
        />
      </div>
      <StatusTabs search={search} />
      <UserList search={search} />
    </>
  );
}

function StatusTabs({ search: { cursor: _, status: chosen, ...kept } }: { search: UserSearch }) {
  return (
    <Tabs label="Status">
      {[undefined, ...userStatuses].map((status) => (
        <Link
          key={status ?? "all"}
          to="/users"
          search={{ ...kept, ...(status && { status }) }}
          aria-current={status === chosen ? "page" : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabClass}
        >
          {status ? statusNames[status] : "All"}
        </Link>
      ))}
    </Tabs>
  );
}

function UserList({ search }: { search: UserSearch }) {
  const list = useQuery(userList(search));
  if (list.isPending) return <UserTableSkeleton rows={8} />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) return <NoUsers search={search} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <UserTable users={data} />
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "user" : "users"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </div>
  );
}

function NoUsers({ search: { q, cursor } }: { search: UserSearch }) {
  return (
    <EmptyState
      title={cursor ? "Nothing more here" : "Nobody matches"}
      action={
        <Link to="/users" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show all users
        </Link>
      }
    >
      {q
        ? `Nobody with “${q}” in their name, address or shop, with these filters.`
        : "Not with these filters."}
    </EmptyState>
  );
}
