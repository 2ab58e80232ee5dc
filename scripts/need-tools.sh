#!/usr/bin/env bash
# Carat is built with Rust and Node, and nothing else. Says clearly what is missing or too old.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=0
need() { # name, version wanted, version found, where to get it
    if [ -n "$3" ] && printf '%s\n%s\n' "$2" "$3" | sort -V -C; then return; fi
    echo "Carat needs $1 $2 or newer, ${3:+and found only }${3:-but found none}. $4" >&2
    missing=1
}

need Rust "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" "$(rustc --version 2>/dev/null | cut -d' ' -f2)" \
    "Install it with rustup (https://rustup.rs), or run: rustup update stable"
need Node "$(sed -n 's/.*"node": *"[^0-9]*\([0-9.]*\)".*/\1/p' frontend/package.json)" \
    "$(node --version 2>/dev/null | tr -d v)" "Get it at https://nodejs.org, or from your package manager."
if ! command -v npm >/dev/null; then
    echo "Carat needs npm, which comes with Node (Debian has it in a package of its own: npm)." >&2
    missing=1
fi
if ! command -v cc >/dev/null; then
    echo "Rust needs a C compiler and linker: install build-essential (Debian), gcc (Fedora) or Xcode's tools (macOS)." >&2
    missing=1
fi
exit "$missing"
