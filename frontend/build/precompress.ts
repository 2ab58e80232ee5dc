/** Writes a `.br` and a `.gz` beside each text file of the build that is larger than 1 kB. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const text = new Set([".js", ".css", ".html", ".svg", ".json", ".txt", ".webmanifest"]);

export function precompress(): Plugin {
  let directory = "";
  return {
    name: "carat:precompress",
    apply: "build",
    configResolved(config) {
      directory = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(directory, { recursive: true });
      await Promise.all(names.map((name) => compress(join(directory, name))));
    },
  };
}

async function compress(path: string) {
  if (!text.has(extname(path)) || (await stat(path)).size <= 1000) return;
  const content = await readFile(path);
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  await writeFile(`${path}.br`, brotliCompressSync(content, { params }));
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
}
