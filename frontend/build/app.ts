/**
 * The Vite configuration that both apps share: React, Tailwind, hashed files under `assets/`, nothing inlined
 * (the pages run under a strict Content-Security-Policy), font preloads, and pre-compressed twins of every text file.
 */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./precompress.ts";
import { preloadFonts } from "./preload-fonts.ts";

const server = "http://127.0.0.1:8000";

export function defineApp({ base, port }: { base: string; port: number }) {
  return defineConfig({
    base,
    plugins: [react(), tailwindcss(), preloadFonts(), precompress()],
    server: {
      port,
      proxy: Object.fromEntries(["/api", "/media", "/sandbox", "/dev"].map((path) => [path, server])),
    },
    build: {
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // What every page needs comes in one file: it compresses better than five.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shell", tags: ["$initial"] }] } } },
    },
  });
}
