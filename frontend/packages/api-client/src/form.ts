/** Puts what the server refused at the fields of the form, and hands back what belongs to no field. */
import { fieldErrors, type Problem } from "./problem";

/** The part of a form that is needed; react-hook-form's forms have it. */
interface Form<Field extends string> {
  setError(field: Field, error: { type: string; message?: string }): void;
  setFocus(field: Field): void;
}

export function showAtFields<Field extends string>(
  form: Form<Field>,
  problem: Problem,
  fields: readonly Field[],
): Problem | undefined {
  const errors = fieldErrors(problem);
  const known = fields.filter((field) => errors[field] !== undefined);
  for (const field of known) form.setError(field, { type: "server", message: errors[field] });
  if (known[0]) form.setFocus(known[0]);
  return Object.keys(errors).length > 0 && known.length === Object.keys(errors).length ? undefined : problem;
}
