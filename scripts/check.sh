#!/usr/bin/env bash
# Everything that can be said about the sources without running them; the quick checks first.
set -euo pipefail
cd "$(dirname "$0")/.."

step() {
    echo "→ $*"
    "$@"
}

step cargo fmt --all --check
step cargo xtask tidy
if command -v shellcheck >/dev/null; then step shellcheck scripts/*.sh .ci/run; fi
step scripts/npm-ci.sh frontend
step npm --prefix frontend run check
step npm --prefix frontend run types
step cargo clippy --locked --workspace --all-targets -- -D warnings
# Licences, banned crates and sources. It takes minutes to install, so only where it is there (as it is in CI).
if command -v cargo-deny >/dev/null; then step cargo deny --locked check licenses bans sources; fi
