/** A code that waits in this tab while its owner signs in. It is kept nowhere else, and no longer than that. */
const name = "carat.gift-card.code";

export function keepCode(code: string) {
  try {
    sessionStorage.setItem(name, code);
  } catch {
    // Storage is closed to us: the code is typed once more.
  }
}

export function keptCode(): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

export function forgetCode() {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // It could not be kept either.
  }
}
