/** What this device may be called, as a first guess: "Chrome on macOS". */
export function deviceName(userAgent: string = navigator.userAgent): string {
  const browser = first(userAgent, [
    ["Edge", /Edg/],
    ["Opera", /OPR/],
    ["Firefox", /Firefox|FxiOS/],
    ["Chrome", /Chrom|CriOS/],
    ["Safari", /Safari/],
  ]);
  const system = first(userAgent, [
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Android", /Android/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux|X11/],
  ]);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? "Passkey";
}

function first(text: string, names: [name: string, sign: RegExp][]): string | undefined {
  return names.find(([, sign]) => sign.test(text))?.[0];
}
