/**
 * With what the customer means to pay besides the card, kept in this tab so that neither a reload nor a sign-in on the way loses
 * it, and forgotten once the order is placed.
 */
export interface KeptMeans {
  /** Codes of gift cards, without dashes. */
  codes: string[];
  useBalance: boolean;
}

const name = "carat.checkout.means";
const none: KeptMeans = { codes: [], useBalance: false };

export function readMeans(): KeptMeans {
  try {
    return { ...none, ...JSON.parse(sessionStorage.getItem(name) ?? "{}") };
  } catch {
    return none;
  }
}

export function keepMeans(means: KeptMeans) {
  try {
    sessionStorage.setItem(name, JSON.stringify(means));
  } catch {
    // Storage is closed to us: the page itself still holds them.
  }
}

export function forgetMeans() {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // They could not be kept either.
  }
}
