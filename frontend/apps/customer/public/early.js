// What cannot wait for the app: the theme that the visitor chose, before the first paint, and the request for what this
// page shows, so that its data and the app are on their way at the same time.
try {
  const theme = localStorage.getItem("carat.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's preference holds.
}

const requests = [
  [/^\/$/, () => "/api/v1/products?limit=12"],
  [/^\/products$/, () => "/api/v1/products?limit=24"],
  [/^\/products\/([\w-]+)$/, (slug) => `/api/v1/products/${slug}`],
];
for (const [path, url] of requests) {
  const match = path.exec(location.pathname);
  if (!match || location.search) continue;
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url(match[1]) });
  document.head.append(link);
}
