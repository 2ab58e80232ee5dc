#!/usr/bin/env bash
# Measures whether the catalogue stays quick while 200 logins a second are offered to the release binary (docs/operations.md).
# Uses a data folder and a port of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked -p server -p load-tests
bin=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
pid=''
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT

(cd "$folder" && exec env APP_ENV=development PORT=$port RATE_LIMIT_PER_MINUTE=0 CARAT__LOG__FILTER=off "$bin/carat" serve >/dev/null) &
pid=$!
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/health/ready"; do sleep 0.05; done
"$bin/login_flood" "http://127.0.0.1:$port"
