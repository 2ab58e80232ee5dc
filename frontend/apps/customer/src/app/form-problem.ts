/** Puts what the server refused at the fields of the form, and hands back what belongs to no field. */
import { fieldErrors, type Problem } from "@carat/api-client";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";

export function showAtFields<Values extends FieldValues>(
  form: Pick<UseFormReturn<Values>, "setError" | "setFocus">,
  problem: Problem,
  fields: readonly Path<Values>[],
): Problem | undefined {
  const errors = fieldErrors(problem);
  const known = fields.filter((field) => errors[field] !== undefined);
  for (const field of known) form.setError(field, { type: "server", message: errors[field] });
  if (known[0]) form.setFocus(known[0]);
  return Object.keys(errors).length > 0 && known.length === Object.keys(errors).length ? undefined : problem;
}
