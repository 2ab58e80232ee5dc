/** Where people are pasted, or a file is chosen or dropped. Nothing of it is kept in the browser: it holds passwords. */
import { buttonClass, downloadText, Textarea } from "@carat/ui";
import clsx from "clsx";
import { FileUp } from "lucide-react";
import { type DragEvent, useState } from "react";
import { columns, template } from "./rows";

const largest = 2_000_000;

export function CsvInput({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string>();

  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > largest)
      return setFault(`“${file.name}” is larger than 2 MB: that cannot be 1,000 people.`);
    const content = await file.text();
    if (content.includes("\0")) {
      return setFault(`“${file.name}” is not a text. Save the spreadsheet as CSV first.`);
    }
    setFault(undefined);
    onChange(content);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <section
      aria-label="The people"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx(
        "rounded-md border bg-surface px-4 py-4 sm:px-5",
        over ? "border-accent" : "border-line",
      )}
    >
      <Textarea
        label="Paste the people, one a line"
        hint={
          <>
            Columns: <code>{columns.join(", ")}</code>. Only sellers need a shop name; without a role,
            somebody is a customer.
          </>
        }
        error={fault}
        rows={6}
        spellCheck={false}
        autoComplete="off"
        placeholder="anna@example.com,Anna Example,customer,,Choose-a-good-1"
        value={text}
        onChange={(event) => {
          setFault(undefined);
          onChange(event.target.value);
        }}
      />
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <label
          className={buttonClass({
            variant: "secondary",
            className: "cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent",
          })}
        >
          <FileUp aria-hidden="true" size={17} /> Choose a CSV file
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            className="sr-only"
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </label>
        <span className="text-muted max-sm:hidden">or drop one here</span>
        <button
          type="button"
          onClick={() => downloadText(template, "users.csv", "text/csv")}
          className="min-h-11 underline underline-offset-4 sm:ml-auto"
        >
          Download an example
        </button>
      </div>
    </section>
  );
}
