/**
 * Keeps the session alive. The tokens are HttpOnly cookies that no script can see; this browser only remembers when the access
 * token ends. Before a request that needs the session the tokens are renewed if that time has come, and once after the server
 * no longer knew them. However many requests and tabs need it at the same moment, the server is asked once.
 */
const storageName = "carat.session";
const leavingName = "carat.signing-in";
const refreshPath = "/api/v1/auth/refresh";
/** Renewed this long before the end, so that no request is under way when the token ends. */
const margin = 30_000;
/** How long what one tab has written into the storage may take to be read in another, whose process has a copy of it. */
const arrival = 250;

/** Requests that mean the same to everyone, or that begin a session: they wait for nothing. */
const needNoSession =
  /^\/api\/v1\/(?:(?:products|categories|materials|sellers)(?:\/|$)|auth\/(?:(?:login|oauth|password)(?:\/|$)|(?:register|refresh|verify-email|resend-verification)$))/;
/** What the server says when the access token is missing, ended or revoked; every other 401 is about what was sent. */
const endedCodes = ["unauthorized", "token-invalid", "token-revoked"];

/** `ended`: the server knows no session of ours any more. `unknown`: it could not say. */
type Renewal = "renewed" | "ended" | "unknown";

let remembered: string | null = null;
let renewing: Promise<Renewal> | undefined;
const endListeners = new Set<() => void>();
const beginListeners = new Set<() => void>();

/** Calls the listener when the session has ended without being asked to, in this tab or another. Returns the way to stop. */
export function onSignedOut(listener: () => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Calls the listener when someone has signed in in another tab. Returns the way to stop. */
export function onSignedInElsewhere(listener: () => void): () => void {
  beginListeners.add(listener);
  return () => beginListeners.delete(listener);
}

/** A session has begun, or its access token was renewed, for so many seconds. */
export function rememberSession(expiresIn: number) {
  write(new Date(Date.now() + expiresIn * 1000).toISOString());
}

/** The session was ended on purpose. */
export function forgetSession() {
  write(null);
}

/** Whether somebody is signed in as far as this browser knows. */
export function hasSession(): boolean {
  return read() !== null || isComingBack();
}

/** The visitor leaves for a provider's page, whose answer signs them in without a script's doing. */
export function expectSession() {
  try {
    sessionStorage.setItem(leavingName, "yes");
  } catch {
    // Storage is closed to us: they sign in, and see it after their next sign-in here.
  }
}

/** Renews the session if its time has come, for a request that `fetchInSession` does not send. */
export async function keepSession(): Promise<void> {
  const seen = read();
  if (hasSession() && isDue(seen) && (await renew(seen)) === "unknown") {
    throw new TypeError("The session could not be renewed.");
  }
}

/** Like `fetch`, with the session kept alive. */
export async function fetchInSession(request: Request): Promise<Response> {
  const isOurs = !needNoSession.test(new URL(request.url).pathname);
  const seen = read();
  if (!isOurs || !hasSession()) return globalThis.fetch(request);

  if (isDue(seen)) {
    const renewal = await renew(seen);
    // Without its session the request would be answered as if it came from a stranger.
    if (renewal === "unknown") throw new TypeError("The session could not be renewed.");
  }
  const again = request.clone();
  const sentWith = read();
  const answer = await globalThis.fetch(request);
  if (!sentWith || !(await isSessionOver(answer))) return answer;
  return (await renew(sentWith)) === "renewed" ? globalThis.fetch(again) : answer;
}

/** Renews the tokens unless another request or tab has done so since `seen`, and says so if the session is over. */
async function renew(seen: string | null): Promise<Renewal> {
  renewing ??= oneTabAtATime(() => renewUnlessDone(seen)).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renewUnlessDone(seen: string | null): Promise<Renewal> {
  const now = read();
  if (now !== seen) return now === null ? "ended" : "renewed";
  const comingBack = isComingBack();
  doneComingBack();
  let answer: Response;
  try {
    answer = await globalThis.fetch(refreshPath, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
  } catch {
    return "unknown";
  }
  if (answer.ok) {
    const { expires_in } = (await answer.json()) as { expires_in: number };
    rememberSession(expires_in);
    return "renewed";
  }
  if (answer.status >= 500 || answer.status === 429) return "unknown";
  write(null);
  // Who came back from a provider without a session was never signed in here.
  if (seen !== null || !comingBack) tell(endListeners);
  return "ended";
}

/** The next tab's turn comes when it can read what this one has written: only then does it see that the work is done. */
async function oneTabAtATime(work: () => Promise<Renewal>): Promise<Renewal> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  return new Promise((resolve, reject) => {
    locks
      .request(storageName, async () => {
        const renewal = await work();
        resolve(renewal);
        await new Promise((done) => setTimeout(done, arrival));
      })
      .catch(reject);
  });
}

async function isSessionOver(answer: Response): Promise<boolean> {
  if (answer.status !== 401) return false;
  const problem: { code?: string } = await answer
    .clone()
    .json()
    .catch(() => ({}));
  return endedCodes.includes(problem.code ?? "");
}

function isDue(end: string | null): boolean {
  return end === null || !(Date.parse(end) - margin > Date.now());
}

function read(): string | null {
  try {
    return localStorage.getItem(storageName);
  } catch {
    return remembered;
  }
}

function write(end: string | null) {
  remembered = end;
  doneComingBack();
  try {
    if (end === null) localStorage.removeItem(storageName);
    else localStorage.setItem(storageName, end);
  } catch {
    // Storage is closed to us: this page remembers until it is left.
  }
}

function isComingBack(): boolean {
  try {
    return sessionStorage.getItem(leavingName) !== null;
  } catch {
    return false;
  }
}

function doneComingBack() {
  try {
    sessionStorage.removeItem(leavingName);
  } catch {
    // It could not be set either.
  }
}

function tell(listeners: Set<() => void>) {
  for (const listener of listeners) listener();
}

globalThis.addEventListener?.("storage", ({ key, oldValue, newValue }) => {
  if (key !== storageName && key !== null) return;
  if (newValue === null) tell(endListeners);
  else if (oldValue === null) tell(beginListeners);
});
