#!/usr/bin/env bash
# Measures what docs/operations.md tells of the release binary: how long it takes to be ready, and how much memory it idles in.
# Linux only. Uses a data folder and a port of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked -p server
carat=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release/carat
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
pid=''
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT

# Starts the shop, and tells after how many milliseconds it was ready.
start() {
    local begun=${EPOCHREALTIME/./}
    (cd "$folder" && exec env APP_ENV=development PORT=$port CARAT__LOG__FILTER=off "$carat" serve >/dev/null) &
    pid=$!
    until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/health/ready"; do sleep 0.005; done
    took=$(((${EPOCHREALTIME/./} - begun) / 1000))
}

stop() {
    kill "$pid"
    wait "$pid" || true
}

start
echo "first start, with the demo catalogue: $took ms"
stop
all=()
for _ in 1 2 3 4 5 6 7 8 9; do
    start
    all+=("$took")
    stop
done
mapfile -t sorted < <(printf '%s\n' "${all[@]}" | sort -n)
echo "start to ready: median ${sorted[4]} ms, worst ${sorted[8]} ms"
start
sleep 10
awk '/^VmRSS/ { printf "idle: %.1f MB resident\n", $2 / 1024 }' "/proc/$pid/status"
stop
