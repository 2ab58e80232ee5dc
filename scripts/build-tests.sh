#!/usr/bin/env bash
# Builds the server and every test in one go, so that cargo chooses features once and compiles nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --locked --workspace --bins --tests
