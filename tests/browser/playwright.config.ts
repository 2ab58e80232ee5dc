/**
 * How the browser tests run: with the Chromium that is installed (CHROMIUM_BIN), never a downloaded one, and without a second
 * try, so that a test that fails now and then is seen. The browser can reach this machine and nothing else.
 */
import { defineConfig, devices } from "@playwright/test";

const isRoot = process.getuid?.() === 0;
const { isMobile, hasTouch, userAgent, deviceScaleFactor } = devices["Pixel 7"];

export default defineConfig({
  testDir: "specs",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"], ["html", { open: "never" }]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_BIN || "/usr/bin/chromium",
      args: [
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    {
      name: "phone",
      use: { viewport: { width: 390, height: 844 }, isMobile, hasTouch, userAgent, deviceScaleFactor },
      testIgnore: ["accessibility.spec.ts", "keyboard.spec.ts"],
    },
  ],
});
