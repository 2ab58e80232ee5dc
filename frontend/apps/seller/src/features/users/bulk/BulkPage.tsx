/** Registering many users at once: paste or choose a file, look at it, send it, and see what became of each row. */
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { PageHead } from "../../../app/PageHead";
import { CsvInput } from "./CsvInput";
import { Preview } from "./Preview";
import { Results } from "./Results";
import { mostRows, type Row, readTable } from "./rows";
import { type Outcome, useBulkRegistration } from "./use-bulk-registration";

export function BulkPage() {
  const [text, setText] = useState("");
  const [kept, setKept] = useState<Outcome[]>([]);
  const read = useDeferredValue(text);
  const table = useMemo(() => readTable(read), [read]);
  const registration = useBulkRegistration();
  const { progress } = registration;

  const register = (rows: Row[]) => {
    setKept(rows.filter(({ faults }) => faults.length > 0).map((row) => ({ row, faults: row.faults })));
    registration.start(rows.filter(({ faults }) => faults.length === 0));
  };
  const reset = () => {
    registration.reset();
    setText("");
  };

  return (
    <>
      <PageHead title="Register users">
        <Link to="/users" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Users
        </Link>{" "}
        · up to {mostRows.toLocaleString()} at once
      </PageHead>
      {progress ? (
        <Results
          progress={progress}
          kept={kept}
          onGoOn={registration.goOn}
          onStop={registration.stop}
          onReset={reset}
        />
      ) : (
        <div className="flex flex-col gap-6">
          <CsvInput text={text} onChange={setText} />
          {table.rows.length + table.missing.length > 0 && <Preview table={table} onRegister={register} />}
        </div>
      )}
    </>
  );
}
