/** A device that holds passkeys, as far as Chromium can tell; its owner has just touched it whenever it is asked. */
import type { Page, Route } from "@playwright/test";

export async function addAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Its owner does not touch it until told to: the browser's suggestions would sign them in at once. */
    rest: (resting: boolean) =>
      session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: !resting }),
    passkeys: async () =>
      (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}

export type Authenticator = Awaited<ReturnType<typeof addAuthenticator>>;

/** Signs in by the button, with a device that rests until now, and comes to this page. */
export async function signInByPasskey(page: Page, device: Authenticator, redirect: string) {
  const suggested = page.waitForResponse("**/auth/passkey/options");
  await page.goto(`/login?redirect=${redirect}`);
  await suggested;
  // The device wakes once the page has given up its suggestion and asks by itself: neither before nor after would do.
  const wake = async (route: Route) => {
    await device.rest(false);
    await route.continue();
  };
  await page.route("**/auth/passkey/options", wake, { times: 1 });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
}
