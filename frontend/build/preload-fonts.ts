/** Adds a preload link for each Latin font file of the build, so that text is set in its own face from the first paint. */
import type { Plugin } from "vite";

export function preloadFonts(): Plugin {
  let base = "/";
  return {
    name: "carat:preload-fonts",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const fonts = Object.keys(bundle ?? {}).filter((name) => /-latin-(?!ext).*\.woff2$/.test(name));
        return fonts.map((name) => ({
          tag: "link",
          attrs: { rel: "preload", href: base + name, as: "font", type: "font/woff2", crossorigin: "" },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
