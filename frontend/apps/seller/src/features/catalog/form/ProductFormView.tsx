/** One form for a new product and for an existing one: the piece itself on the left, where it stands on the right. */

import type { Product } from "@carat/api-client";
import { Input, Notice } from "@carat/ui";
import { useBlocker } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef } from "react";
import { DescriptionField } from "./DescriptionField";
import { DraftNotice } from "./DraftNotice";
import { LeaveDialog } from "./LeaveDialog";
import { PlaceSection } from "./PlaceSection";
import { PriceSection } from "./PriceSection";
import { SaveBar } from "./SaveBar";
import { Section } from "./Section";
import type { ProductForm } from "./use-product-form";
import { useSaveShortcut } from "./use-save-shortcut";
import { VariantsSection } from "./VariantsSection";

export function ProductFormView({ form, product }: { form: ProductForm; product?: Product }) {
  const { values, change, faults, attempt, dirty, save } = form;
  const element = useRef<HTMLFormElement>(null);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  useSaveShortcut(() => void save());
  useEffect(() => {
    const wrong = attempt > 0 && element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (!wrong) return;
    wrong.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center" });
  }, [attempt]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };

  return (
    <form ref={element} onSubmit={submit} noValidate autoComplete="off">
      <DraftNotice form={form} product={product} />
      {faults.form && (
        <Notice tone="danger" title={faults.form} className="mb-4">
          {form.requestId && (
            <p className="text-sm">
              If you write to us, quote <code className="break-all select-all">{form.requestId}</code>
            </p>
          )}
        </Notice>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title="The piece">
            <Input
              label="Title"
              value={values.title}
              maxLength={200}
              error={faults.title}
              onChange={(event) => change({ title: event.target.value })}
            />
            <DescriptionField
              text={values.description}
              markup={values.markup}
              error={faults.description}
              onChange={(description) => change({ description })}
            />
          </Section>
          <PriceSection form={form} />
          <VariantsSection form={form} />
        </div>
        <PlaceSection form={form} />
      </div>
      <SaveBar form={form} />
      <LeaveDialog blocker={blocker} named={form.named} />
    </form>
  );
}
