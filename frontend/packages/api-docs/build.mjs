// Takes ReDoc's script out of its package, so that the server can answer it itself: nothing comes from a CDN.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const home = import.meta.dirname;
const redoc = dirname(createRequire(import.meta.url).resolve("redoc/package.json"));
const script = readFileSync(join(redoc, "bundles/redoc.standalone.js"), "utf8");
mkdirSync(join(home, "dist"), { recursive: true });
// It would fetch its makers' logo from their host; the words that go with the logo stay.
const ours = script.replaceAll("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:image/svg+xml,<svg/>");
writeFileSync(join(home, "dist/redoc.standalone.js"), ours);
