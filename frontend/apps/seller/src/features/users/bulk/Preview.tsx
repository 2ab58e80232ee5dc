/** What will be registered, before anything is sent: rows with faults come first, and are left out until they are mended. */
import { Button, Notice } from "@carat/ui";
import { Faults, PeopleTable } from "./PeopleTable";
import { mostRows, type Row, type Table } from "./rows";

export function Preview({ table, onRegister }: { table: Table; onRegister: (rows: Row[]) => void }) {
  const { rows, unknown, missing } = table;
  const good = rows.filter(({ faults }) => faults.length === 0);
  const bad = rows.filter(({ faults }) => faults.length > 0);
  const tooMany = rows.length > mostRows;

  if (missing.length > 0) {
    return (
      <Notice tone="warning" title={`There is no column called ${missing.join(" nor ")}`}>
        Name the columns in the first line, or leave that line out and keep to the order above.
      </Notice>
    );
  }
  return (
    <section aria-labelledby="preview" className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 id="preview" className="text-[1.0625rem] font-semibold">
            {people(rows.length)} found
          </h2>
          <p role="status" className="text-[0.9375rem] text-muted">
            {bad.length === 0
              ? "Nothing wrong to be seen. The server checks each row again."
              : `${good.length} can be registered; ${bad.length} must be mended first.`}
          </p>
        </div>
        <Button disabled={good.length === 0 || tooMany} onClick={() => onRegister(rows)}>
          Register {people(good.length)}
        </Button>
      </div>
      {tooMany && (
        <Notice tone="warning" title="These are too many at once">
          At most {mostRows.toLocaleString()} people can be registered together. Take the others in a second
          go.
        </Notice>
      )}
      {unknown.length > 0 && (
        <Notice>
          {unknown.length === 1 ? "This column is" : "These columns are"} not used: {unknown.join(", ")}.
        </Notice>
      )}
      <PeopleTable
        caption="The people that were found, those with faults first"
        lines={[...bad, ...good].map((row) => ({
          row,
          note:
            row.faults.length > 0 ? (
              <Faults faults={row.faults} />
            ) : (
              <span className="text-muted">Ready</span>
            ),
        }))}
      />
    </section>
  );
}

export function people(count: number): string {
  return count === 1 ? "1 person" : `${count.toLocaleString()} people`;
}
