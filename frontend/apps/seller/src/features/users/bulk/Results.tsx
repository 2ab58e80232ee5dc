/** How far the registration is, and what became of each row. Rows that failed can be kept as a file, mended, and read again. */
import { Button, downloadText, Notice, ProblemNotice } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Download } from "lucide-react";
import { useEffect, useRef } from "react";
import { Faults, PeopleTable } from "./PeopleTable";
import { people } from "./Preview";
import { writeTable } from "./rows";
import type { Outcome, Progress } from "./use-bulk-registration";

interface Props {
  progress: Progress;
  /** Rows that were not sent at all, for their faults. */
  kept: Outcome[];
  onGoOn: () => void;
  onStop: () => void;
  onReset: () => void;
}

export function Results({ progress, kept, onGoOn, onStop, onReset }: Props) {
  const { total, outcomes, left, sending, problem } = progress;
  const created = outcomes.filter(({ id }) => id);
  const failed = [...outcomes.filter(({ id }) => !id), ...kept].sort((a, b) => a.row.number - b.row.number);
  const over = !sending && left.length === 0;

  // The button that began all this is gone: the keyboard, and who listens, go on here.
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  return (
    <section aria-labelledby="results" className="flex flex-col gap-4">
      <h2 id="results" ref={title} tabIndex={-1} className="outline-none text-[1.0625rem] font-semibold">
        {over ? "Done" : sending ? "Registering…" : "Not finished"}
      </h2>
      {!over && <Bar done={outcomes.length} total={total} />}
      <ProblemNotice problem={problem} />
      {sending && (
        <div className="flex flex-wrap items-center gap-3">
          <Button variant="secondary" onClick={onStop}>
            Stop after these
          </Button>
          <p className="text-sm text-muted">Keep this page open: each password takes the server a moment.</p>
        </div>
      )}
      {!sending && left.length > 0 && (
        <div className="flex flex-wrap gap-3">
          <Button onClick={onGoOn}>Go on with the other {people(total - outcomes.length)}</Button>
        </div>
      )}
      {over && (
        <Notice
          tone={failed.length > 0 ? "warning" : "success"}
          title={`${people(created.length)} registered${failed.length > 0 ? `, ${failed.length} not` : ""}`}
        >
          {failed.length > 0
            ? "Keep the rows that failed as a file, mend them, and bring them here again. The file holds their passwords."
            : "Each of them can sign in now, and is asked to verify the address."}
        </Notice>
      )}
      {!sending && (
        <div className="flex flex-wrap gap-3">
          {failed.length > 0 && (
            <Button
              variant="secondary"
              onClick={() => downloadText(writeTable(failed), "users-not-registered.csv", "text/csv")}
            >
              <Download aria-hidden="true" size={17} /> Download the rows that failed
            </Button>
          )}
          <Button variant="secondary" onClick={onReset}>
            Register others
          </Button>
        </div>
      )}
      {!sending && (
        <PeopleTable
          caption="What became of each row, those that failed first"
          lines={[...failed, ...created].map((outcome) => ({
            row: outcome.row,
            note: <Result outcome={outcome} />,
          }))}
        />
      )}
    </section>
  );
}

function Bar({ done, total }: { done: number; total: number }) {
  return (
    <div>
      <progress
        value={done}
        max={total}
        aria-label="People registered"
        className="block h-2 w-full appearance-none overflow-hidden rounded-full bg-tile [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-tile [&::-webkit-progress-value]:bg-accent"
      />
      <p role="status" className="text-sm text-muted">
        {done.toLocaleString()} of {total.toLocaleString()}
      </p>
    </div>
  );
}

function Result({ outcome: { id, faults } }: { outcome: Outcome }) {
  if (!id) return <Faults faults={faults} />;
  return (
    <span className="inline-flex items-center gap-1.5 text-success">
      <CircleCheck aria-hidden="true" size={16} />
      <Link to="/users/$id" params={{ id }} className="underline underline-offset-4">
        Registered
      </Link>
    </span>
  );
}
