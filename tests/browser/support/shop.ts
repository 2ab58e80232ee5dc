/**
 * A shop of its own for each worker of the test runner: the real binary (CARAT_BIN) on a free port, with a fresh SQLite file
 * in a temporary folder, the demo catalogue, and nothing of the environment that could change it. Its log goes to the folder
 * too, and is shown when it does not start.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const binary = process.env.CARAT_BIN ?? resolve(import.meta.dirname, "../../../target/debug/carat");
const patience = 60_000;

export interface Shop {
  url: string;
  close: () => Promise<void>;
}

/** @param more Further variables of its environment. */
export async function openShop(more: Record<string, string> = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), "carat-browser-"));
  const port = await freePort();
  // By its name: browsers make passkeys for names only.
  const url = `http://localhost:${port}`;
  const log = join(folder, "log");
  const output = openSync(log, "a");
  const server = spawn(binary, ["serve"], {
    cwd: folder, // no .env is found here
    stdio: ["ignore", output, output],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      APP_ENV: "test",
      HOST: "127.0.0.1",
      PORT: String(port),
      PUBLIC_URL: url,
      DATABASE_URL: `sqlite://${join(folder, "carat.db")}?mode=rwc`,
      RATE_LIMIT_PER_MINUTE: "0",
      CARAT__DATA__FOLDER: join(folder, "data"),
      CARAT__SHOP__DEMO: "true",
      // The systems of merchants in these stories are on this machine.
      CARAT__WEBHOOKS__ALLOW_HTTP: "true",
      CARAT__WEBHOOKS__ALLOWED_NETWORKS: '["127.0.0.0/8"]',
      ...more,
    },
  });
  const close = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(url, server);
  } catch (error) {
    const said = readFileSync(log, "utf8");
    await close();
    throw new Error(`The shop did not open: ${error}\n${said}`);
  }
  return { url, close };
}

async function untilReady(url: string, server: ChildProcess) {
  const failed = new Promise<never>((_, reject) => server.once("error", reject));
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (server.exitCode !== null) throw new Error(`it ended with code ${server.exitCode}`);
    const ready = fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (await Promise.race([ready, failed])) return;
    await Promise.race([pause(50), failed]);
  }
  throw new Error("it took too long");
}

async function end(server: ChildProcess) {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), 3_000);
  await ended;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((found, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? found(address.port) : fail(new Error("no port")),
      );
    });
  });
}
