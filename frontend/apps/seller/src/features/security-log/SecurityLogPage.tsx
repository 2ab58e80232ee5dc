/** What happened around accounts and sign-ins, newest first, in sentences; filtered, page by page, and to keep as a file. */
import { Button, buttonClass, daysAgo, downloadText, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { Download } from "lucide-react";
import { FilterSelect } from "../../app/FilterSelect";
import { PageHead } from "../../app/PageHead";
import { Pager } from "../../app/Pager";
import { ProblemState } from "../../app/ProblemState";
import { EventList, EventListSkeleton } from "./EventList";
import { eventsAsCsv } from "./export";
import { kindOptions } from "./kinds";
import type { LogSearch } from "./list-search";
import { securityLog } from "./queries";
import { SinceFilter } from "./SinceFilter";
import { UserPicker } from "./UserPicker";
import { useNamedEvents } from "./use-named-events";

const route = getRouteApi("/guard/administration/security-log");

export function SecurityLogPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const log = useQuery(securityLog(search));
  const events = useNamedEvents(log.data?.data ?? []);
  // Another filter begins at its own first page.
  const show = (change: LogSearch) => {
    const { cursor: _, ...filters } = search;
    void navigate({ to: "/security-log", search: { ...filters, ...change }, replace: true });
  };
  return (
    <>
      <PageHead
        title="Security log"
        actions={
          <Button
            variant="secondary"
            disabled={events.length === 0}
            onClick={() => downloadText(eventsAsCsv(events), `security-log-${daysAgo(0)}.csv`, "text/csv")}
          >
            <Download aria-hidden="true" size={17} /> Export this page
          </Button>
        }
      />
      <div className="mb-6 flex flex-wrap items-center gap-3">
        <FilterSelect
          label="Kind"
          all="Every kind of event"
          value={search.kind}
          options={kindOptions}
          onChange={(kind) => show({ kind })}
        />
        <UserPicker user={search.user} onChange={(user) => show({ user })} />
        <SinceFilter since={search.since} onChange={(since) => show({ since })} />
      </div>
      {log.isPending && <EventListSkeleton />}
      {log.isError && <ProblemState error={log.error} onRetry={() => void log.refetch()} />}
      {log.data && events.length === 0 && <NoEvents search={search} />}
      {log.data && events.length > 0 && (
        <div className={clsx("transition-opacity delay-150", log.isPlaceholderData && "opacity-50")}>
          <EventList events={events} />
          <Pager
            shown={events.length}
            noun={events.length === 1 ? "event" : "events"}
            cursor={search.cursor}
            next={log.data.next_cursor}
          />
        </div>
      )}
    </>
  );
}

function NoEvents({ search }: { search: LogSearch }) {
  if (Object.keys(search).length === 0) {
    return (
      <EmptyState title="Nothing has happened yet">Sign-ins and changes to accounts appear here.</EmptyState>
    );
  }
  return (
    <EmptyState
      title="No such event"
      action={
        <Link to="/security-log" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show everything
        </Link>
      }
    >
      Not with these filters.
    </EmptyState>
  );
}
