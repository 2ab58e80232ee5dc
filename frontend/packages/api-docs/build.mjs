// Takes ReDoc's script out of its package, so that the server can answer it itself: nothing comes from a CDN.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const home = import.meta.dirname;
const redoc = dirname(createRequire(import.meta.url).resolve("redoc/package.json"));
mkdirSync(join(home, "dist"), { recursive: true });
copyFileSync(join(redoc, "bundles/redoc.standalone.js"), join(home, "dist/redoc.standalone.js"));
