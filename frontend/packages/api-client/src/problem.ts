/**
 * What the server says when it refuses (RFC 9457), as an error that the apps can show: what happened, what to do, and the
 * request id to quote. A request that never reached the server is a Problem too, with the code `network`.
 */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

interface ProblemInit {
  status: number;
  code: string;
  title: string;
  detail?: string;
  requestId?: string;
  errors?: FieldError[];
  extras?: Record<string, unknown>;
  retryAfter?: number;
}

export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: FieldError[];
  /** Members beyond the standard ones, such as `lines` of `insufficient-stock`. */
  readonly extras: Record<string, unknown>;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(init: ProblemInit) {
    super(init.detail || init.title);
    this.status = init.status;
    this.code = init.code;
    this.title = init.title;
    this.detail = init.detail;
    this.requestId = init.requestId;
    this.errors = init.errors ?? [];
    this.extras = init.extras ?? {};
    this.retryAfter = init.retryAfter;
  }

  /** Whether the same request may succeed when it is simply sent again. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static fromAnswer(body: unknown, response: Response): Problem {
    const {
      type: _type,
      status: _status,
      title,
      detail,
      code,
      request_id,
      errors,
      ...extras
    } = isRecord(body) ? body : {};
    return new Problem({
      status: response.status,
      code: text(code) ?? `http-${response.status}`,
      title: text(title) ?? "The server could not answer this request.",
      detail: text(detail),
      requestId: text(request_id) ?? response.headers.get("x-request-id") ?? undefined,
      errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
      extras,
      retryAfter: Number(response.headers.get("retry-after")) || undefined,
    });
  }

  static network(): Problem {
    return new Problem({
      status: 0,
      code: "network",
      title: "We cannot reach the shop.",
      detail: "We cannot reach the shop. Check your connection and try again.",
    });
  }
}

/** Any thrown value as a Problem. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return Problem.network();
  return new Problem({ status: 0, code: "unexpected", title: "Something went wrong on this page." });
}

/**
 * The problem's faults by form field: the pointer `/shipping_address/city` belongs to the field `shipping_address.city`.
 * Several faults of one field come in one text, one sentence each.
 */
export function fieldErrors(problem: Problem): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { pointer, message } of problem.errors) {
    const field = pointer.replace(/^\//, "").replaceAll("/", ".");
    messages[field] = messages[field] ? `${messages[field]} ${message}` : message;
  }
  return messages;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
