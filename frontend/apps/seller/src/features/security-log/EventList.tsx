/** Events under the days on which they happened, each a sentence with its details folded away. */
import { Skeleton } from "@carat/ui";
import { ChevronDown } from "lucide-react";
import { formatClock, formatLongDay } from "../../app/dates";
import { Fact, Facts } from "../../app/Facts";
import { daysOf } from "./days";
import { EventMark } from "./EventMark";
import { kindName } from "./kinds";
import { Sentence } from "./Sentence";
import type { NamedEvent } from "./use-named-events";

export function EventList({ events }: { events: NamedEvent[] }) {
  return (
    <>
      {daysOf(events).map(({ day, events: those }) => (
        <section key={day} aria-label={formatLongDay(day)} className="mt-6 first:mt-0">
          <h2 className="mb-1 border-b border-line pb-1.5 text-[0.8125rem] font-medium text-muted">
            {formatLongDay(day)}
          </h2>
          <ol>
            {those.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function EventRow({ event }: { event: NamedEvent }) {
  const { at, kind, address, device } = event;
  const where = [address, device].filter(Boolean).join(" · ");
  return (
    <li className="border-b border-line">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 pt-2.5 sm:grid-cols-[3.5rem_auto_minmax(0,1fr)]">
        <time dateTime={at} className="text-[0.8125rem] leading-6 text-muted max-sm:hidden">
          {formatClock(at)}
        </time>
        <EventMark kind={kind} className="mt-[0.1875rem]" />
        <div className="min-w-0">
          <p>
            <Sentence event={event} />
          </p>
          <details className="group">
            <summary className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 pb-1 text-[0.8125rem] text-muted hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
              <span className="truncate">
                <span className="sm:hidden">
                  {formatClock(at)}
                  {where && " · "}
                </span>
                {where || <span className="max-sm:hidden">No address</span>}
              </span>
              <ChevronDown
                aria-hidden="true"
                size={15}
                className="shrink-0 transition-transform group-open:rotate-180"
              />
              <span className="sr-only">, details</span>
            </summary>
            <EventFacts event={event} />
          </details>
        </div>
      </div>
    </li>
  );
}

function EventFacts({ event }: { event: NamedEvent }) {
  const { id, at, kind, user_id, actor_id, actor_email, email, address, device, details } = event;
  return (
    <div className="mb-3 rounded-md bg-tile/60 px-3 py-1 text-[0.9375rem]">
      <Facts>
        <Fact name="Kind">
          {kindName(kind)} <Code>{kind}</Code>
        </Fact>
        <Fact name="Time">
          <Code>{at}</Code>
        </Fact>
        {email && <Fact name="E-mail">{email}</Fact>}
        {user_id && (
          <Fact name="User">
            <Code>{user_id}</Code>
          </Fact>
        )}
        {actor_id && (
          <Fact name="Done by">
            {actor_email} <Code>{actor_id}</Code>
          </Fact>
        )}
        {address && <Fact name="Address">{address}</Fact>}
        {device && <Fact name="Device">{device}</Fact>}
        {Object.entries(details).map(([name, value]) => (
          <Fact key={name} name={sentenceCase(name)}>
            <Code>{value}</Code>
          </Fact>
        ))}
        <Fact name="Event">
          <Code>{id}</Code>
        </Fact>
      </Facts>
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <code className="text-[0.8125rem] break-all">{children}</code>;
}

function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}

export function EventListSkeleton() {
  return (
    <div role="status" aria-label="Loading the security log" className="appear-late">
      {Array.from({ length: 10 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ten equal blocks.
        <div key={at} className="flex gap-4 border-b border-line py-3.5">
          <Skeleton className="h-4 w-12" />
          <div className="flex-1">
            <Skeleton className="h-4 w-2/5" />
            <Skeleton className="mt-2 h-3 w-1/4" />
          </div>
        </div>
      ))}
    </div>
  );
}
