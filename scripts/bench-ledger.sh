#!/usr/bin/env bash
# scripts/bench-ledger.sh [ORDERS]: how long `carat ledger check` takes. Fills a fresh shop with so many paid orders (300,000, which
# make a million entries, unless told), and checks its ledger three times: on SQLite, and beside scripts/with-postgres.sh also on
# PostgreSQL. Uses the release build, and folders of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

orders=${1:-300000}
cargo build --release --locked -p server
carat=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release/carat
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

measure() {
    local engine=$1
    export APP_ENV=test DATABASE_URL=$2 CARAT__PAYMENTS__PLATFORM_FEE_BASIS_POINTS=250 CARAT__LOG__FILTER=error
    echo "$engine: $("$carat" seed --products 500 --orders "$orders")"
    if [ "$engine" = PostgreSQL ]; then psql --quiet "$DATABASE_URL" --command 'VACUUM ANALYZE'; fi # as it does by itself in a while
    for _ in 1 2 3; do
        local begun=${EPOCHREALTIME/./}
        "$carat" ledger check >report
        echo "$engine: $(tail -n 1 report) checked in $(((${EPOCHREALTIME/./} - begun) / 1000)) ms"
    done
}

measure SQLite "sqlite://$folder/carat.db?mode=rwc"
if [ -n "${TEST_POSTGRES_URL:-}" ]; then measure PostgreSQL "$TEST_POSTGRES_URL"; fi
