/** The field for a code: it puts groups of four while one types, forgives how it is written, and takes it out of a pasted mail. */
import { Field } from "@carat/ui";
import type { ChangeEvent, RefObject } from "react";
import { charactersOf, faultOf, grouped, regrouped } from "./code";

interface Props {
  label?: string;
  /** The characters of the code so far, without dashes. */
  code: string;
  onChange: (code: string) => void;
  /** The last character is there, and nothing can be seen to be wrong. */
  onComplete: (code: string) => void;
  error: string | undefined;
  field: RefObject<HTMLInputElement | null>;
}

export function GiftCodeField({ label = "Code", code, onChange, onComplete, error, field }: Props) {
  const take = ({ target, nativeEvent }: ChangeEvent<HTMLInputElement>) => {
    const typed = charactersOf(target.value);
    // A dash that was deleted comes back; who deletes forwards goes on behind it.
    const steps = typed === code && (nativeEvent as InputEvent).inputType === "deleteContentForward";
    const caret = target.selectionStart ?? target.value.length;
    const next = regrouped({ text: target.value, caret }, steps);
    target.value = next.text;
    target.setSelectionRange(next.caret, next.caret);
    if (typed === code) return;
    onChange(typed);
    if (faultOf(typed) === undefined) onComplete(typed);
  };
  return (
    <Field label={label} hint="Six groups of four letters and digits." error={error}>
      {(control) => (
        <input
          {...control}
          ref={field}
          value={grouped(code)}
          onChange={take}
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"
          className="block min-h-13 w-full rounded-sm border border-edge bg-surface px-4 py-3 font-mono text-base transition-colors placeholder:text-line hover:border-ink focus-visible:outline-offset-0 aria-invalid:border-danger sm:text-xl max-[26rem]:px-2 max-[22rem]:tracking-tighter"
        />
      )}
    </Field>
  );
}
