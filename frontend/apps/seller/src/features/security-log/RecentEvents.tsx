/** The newest few events, for the overview and a user's page. */
import { Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { formatTime } from "../../app/dates";
import { PanelProblem } from "../../app/Panel";
import { EventMark } from "./EventMark";
import type { LogSearch } from "./list-search";
import { securityLog } from "./queries";
import { Sentence } from "./Sentence";
import { useNamedEvents } from "./use-named-events";

export function RecentEvents({ search, most = 6 }: { search: LogSearch; most?: number }) {
  const log = useQuery(securityLog(search, most));
  const events = useNamedEvents(log.data?.data ?? []);
  if (log.isPending) return <Skeleton className="h-40" />;
  if (log.isError) return <PanelProblem query={log} />;
  if (events.length === 0) return <p className="py-2 text-muted">Nothing has happened.</p>;
  return (
    <ol className="divide-y divide-line">
      {events.map((event) => (
        <li key={event.id} className="flex gap-2.5 py-2">
          <EventMark kind={event.kind} className="mt-0.5" />
          <p className="min-w-0 flex-1">
            <Sentence event={event} />
            <time dateTime={event.at} className="block text-[0.8125rem] leading-5 text-muted">
              {formatTime(event.at)}
            </time>
          </p>
        </li>
      ))}
    </ol>
  );
}
