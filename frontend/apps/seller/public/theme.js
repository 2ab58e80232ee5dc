// Sets the theme that the visitor chose before the first paint. A classic script, because a module would run too late.
try {
  const theme = localStorage.getItem("carat.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's preference holds.
}
