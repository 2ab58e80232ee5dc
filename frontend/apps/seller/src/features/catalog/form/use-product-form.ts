/**
 * The state of the product form: what the server has (`base`), what was typed (`values`), what is wrong, and the draft. Typing is
 * kept in this browser at once; a draft from before is offered until it is taken or dropped.
 */
import { type Product, toProblem } from "@carat/api-client";
import { toast } from "@carat/ui";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { changes, inWords } from "./changes";
import { type Draft, forgetDraft, keepDraft, readDraft } from "./draft";
import { type Faults, movedStock, placeFaults, validate } from "./faults";
import { fromProduct, type ProductValues, rowsToSend } from "./model";
import { rebase } from "./rebase";

interface Setup {
  start: ProductValues;
  draftName: string;
  /** The product as the server has it; none while it is new. */
  product?: Product;
  send: (base: ProductValues, values: ProductValues) => Promise<Product>;
  onSaved: (product: Product) => void;
}

export type ProductForm = ReturnType<typeof useProductForm>;

export function useProductForm({ start, draftName, product, send, onSaved }: Setup) {
  const [base, setBase] = useState(start);
  const [values, setValues] = useState(start);
  const [faults, setFaults] = useState<Faults>({});
  const [requestId, setRequestId] = useState<string>();
  const [pending, setPending] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [offered, setOffered] = useState(() => offer(draftName, start));
  const named = useMemo(() => changes(base, values), [base, values]);
  const dirty = named.length > 0;
  const updatedAt = product?.updated_at ?? null;

  useEffect(() => {
    const kept: Draft | undefined = dirty
      ? { values, base: updatedAt, keptAt: new Date().toISOString() }
      : offered;
    if (kept) keepDraft(draftName, kept);
    else forgetDraft(draftName);
  }, [draftName, dirty, values, updatedAt, offered]);

  const known = useRef({ base, product });
  known.current.base = base;
  useEffect(() => {
    if (!product || product === known.current.product) return;
    const next = fromProduct(product);
    const before = known.current.base;
    known.current.product = product;
    setValues((typed) => rebase(before, typed, next));
    setBase(next);
  }, [product]);

  const change = useCallback((patch: Partial<ProductValues>) => {
    setValues((typed) => ({ ...typed, ...patch }));
    setFaults((found) => withoutTouched(found, patch));
  }, []);

  const save = async () => {
    if (pending) return;
    const found = validate(values);
    setFaults(found);
    setAttempt((count) => count + 1);
    if (Object.keys(found).length > 0 || (product && !dirty)) return;
    setPending(true);
    try {
      const saved = await send(base, values);
      const next = fromProduct(saved);
      setValues((typed) => (typed === values ? next : rebase(values, typed, next)));
      setBase(next);
      setOffered(undefined);
      onSaved(saved);
    } catch (error) {
      const problem = toProblem(error);
      const sent = product ? rowsToSend(base, values) : values.rows;
      const moved = movedStock(problem);
      if (moved.length > 0) setBase((seen) => withStock(seen, moved));
      if (problem.status !== 401) setFaults(placeFaults(problem, sent, values));
      setRequestId(problem.requestId);
      setAttempt((count) => count + 1);
    } finally {
      setPending(false);
    }
  };

  const discard = () => {
    setValues(base);
    setFaults({});
    toast({
      message: `Discarded: ${inWords(named)}`,
      action: { label: "Undo", onAction: () => setValues(values) },
    });
  };
  const takeDraft = () => {
    if (offered) setValues(offered.values);
    setOffered(undefined);
  };
  const dropDraft = () => setOffered(undefined);

  return {
    values,
    change,
    faults,
    requestId,
    attempt,
    named,
    dirty,
    pending,
    isNew: !product,
    save,
    discard,
    draft: offered,
    takeDraft,
    dropDraft,
  };
}

function offer(name: string, start: ProductValues): Draft | undefined {
  const draft = readDraft(name);
  return draft && changes(start, draft.values).length > 0 ? draft : undefined;
}

/** A fault goes when its field is touched. A touched grid loses the faults of all its rows, until the next attempt. */
function withoutTouched(faults: Faults, patch: Partial<ProductValues>): Faults {
  const stays = ([field]: [string, string]) =>
    field !== "form" && !(field in patch) && !(patch.rows && field.startsWith("row:"));
  return Object.fromEntries(Object.entries(faults).filter(stays));
}

/** What the seller has seen now, so that saving again means it. */
function withStock(seen: ProductValues, moved: { id: string; stock: number }[]): ProductValues {
  const now = new Map(moved.map(({ id, stock }) => [id, String(stock)]));
  return { ...seen, rows: seen.rows.map((row) => ({ ...row, stock: now.get(row.id ?? "") ?? row.stock })) };
}
