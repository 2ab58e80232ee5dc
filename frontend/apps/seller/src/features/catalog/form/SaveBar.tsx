/** What is not saved yet, by name, and the two things to do about it. It stays in sight and takes no room when all is saved. */
import { Button } from "@carat/ui";
import { inWords } from "./changes";
import type { ProductForm } from "./use-product-form";

export function SaveBar({ form }: { form: ProductForm }) {
  const { named, dirty, pending, isNew, faults } = form;
  const wrong = Object.keys(faults).filter((field) => field !== "form").length;
  const shown = dirty || isNew || wrong > 0;
  return (
    <div data-save-bar={shown || undefined} className="sticky bottom-0 z-10 mt-4">
      <div
        className={
          shown
            ? "-mx-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-2.5 shadow-raised sm:mx-0 sm:mb-3 sm:rounded-md sm:border"
            : "sr-only"
        }
      >
        <p role="status" className="min-w-0 text-[0.9375rem]">
          {wrong > 0 ? (
            <span className="text-danger">
              {wrong === 1 ? "One field needs" : `${wrong} fields need`} your attention
            </span>
          ) : (
            dirty && (
              <>
                <span className="text-muted">Not saved: </span>
                {inWords(named)}
              </>
            )
          )}
        </p>
        {shown && (
          <div className="ml-auto flex gap-2">
            {dirty && (
              <Button variant="quiet" onClick={form.discard}>
                Discard
              </Button>
            )}
            <Button type="submit" pending={pending}>
              {isNew ? "Create product" : "Save"}
              <kbd className="font-sans text-xs opacity-75 max-sm:hidden pointer-coarse:hidden">Ctrl S</kbd>
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
