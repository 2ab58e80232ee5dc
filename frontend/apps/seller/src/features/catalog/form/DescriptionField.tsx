/** The description as plain text, with three small buttons for what plain text cannot say by itself. */
import { controlClass, Field } from "@carat/ui";
import { Bold, Italic, List } from "lucide-react";
import { useRef } from "react";
import type { Markup } from "./description";

interface Props {
  text: string;
  markup: Markup;
  error?: string;
  onChange: (text: string) => void;
}

const aids = [
  { name: "Bold", icon: Bold, apply: (text: string) => `**${text || "bold"}**` },
  { name: "Italic", icon: Italic, apply: (text: string) => `*${text || "italic"}*` },
  {
    name: "List",
    icon: List,
    apply: (text: string) =>
      (text || "point")
        .split("\n")
        .map((line) => `- ${line}`)
        .join("\n"),
  },
];

export function DescriptionField({ text, markup, error, onChange }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const apply = (change: (text: string) => string) => {
    const element = area.current;
    if (!element) return;
    const { selectionStart, selectionEnd } = element;
    element.setRangeText(
      change(text.slice(selectionStart, selectionEnd)),
      selectionStart,
      selectionEnd,
      "select",
    );
    element.focus();
    onChange(element.value);
  };
  return (
    <div className="relative">
      <Field
        label="Description"
        optional
        error={error}
        hint={
          markup === "html"
            ? "This description uses HTML that plain text cannot say, so it is edited as HTML."
            : "An empty line starts a new paragraph, a dash a point of a list."
        }
      >
        {(control) => (
          <textarea
            {...control}
            ref={area}
            rows={8}
            spellCheck={markup === "text"}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            className={`${controlClass} field-sizing-content max-h-112 min-h-44 ${markup === "html" ? "font-mono text-sm" : ""}`}
          />
        )}
      </Field>
      {markup === "text" && (
        <div
          role="group"
          aria-label="Formatting"
          className="absolute -top-2.5 right-0 flex pointer-coarse:-top-4"
        >
          {aids.map(({ name, icon: Icon, apply: change }) => (
            <button
              key={name}
              type="button"
              aria-label={name}
              title={name}
              onClick={() => apply(change)}
              className="grid size-8 place-items-center rounded-sm text-muted hover:bg-tile hover:text-ink pointer-coarse:size-11"
            >
              <Icon aria-hidden="true" size={16} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
