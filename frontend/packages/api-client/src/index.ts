export { api, call } from "./client";
export { showAtFields } from "./form";
export { forgetIdempotencyKey, keptIdempotencyKey, keptRequest, newIdempotencyKey } from "./idempotency";
export { type FieldError, fieldErrors, Problem, toProblem } from "./problem";
export type { components, operations, paths } from "./schema.gen";
export { many, one, parseSearch, type Search, stringifySearch } from "./search";
export {
  expectSession,
  forgetSession,
  hasSession,
  onSignedInElsewhere,
  onSignedOut,
  rememberSession,
} from "./session";
export type * from "./types";
export { type UploadOptions, upload } from "./upload";
