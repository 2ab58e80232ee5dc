#!/usr/bin/env bash
# scripts/bench-money.sh: how many gift cards are redeemed, and how many orders placed, in a second, by 16 callers over HTTP, on
# PostgreSQL as it is shipped (every commit is on the disk before it is answered). Beside each stands what pgbench gets in the same run,
# on the same server, with as many callers, for one transaction of as many statements of which as many write. The ledger is checked
# afterwards. Uses the release build, and folders and a port of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${TEST_POSTGRES_URL:-}" ]; then POSTGRES_AS_SHIPPED=1 exec scripts/with-postgres.sh "$0"; fi

# Debian keeps the server's programs off the PATH, and links this one into it.
pgbench=$(PATH="$(scripts/find-postgres.sh):$PATH" command -v pgbench) || {
    echo "pgbench is not installed: it comes with PostgreSQL's server or its contrib package" >&2
    exit 1
}
cargo build --release --locked -p server -p load-tests
bin=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
pid=''
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
export ADMIN_EMAIL=admin@example.com ADMIN_PASSWORD=Correct-horse-battery-9
# Sixteen callers at one address who order all the time would be held as suspicious.
for rule in ATTEMPTS CLIENT_ATTEMPTS; do export "CARAT__PAYMENTS__RISK__${rule}__FLAG=0" "CARAT__PAYMENTS__RISK__${rule}__HOLD=0"; done
export APP_ENV=development PORT=$port RATE_LIMIT_PER_MINUTE=0 DATABASE_URL=$TEST_POSTGRES_URL CARAT__LOG__FILTER=off CARAT__SECURITY__BCRYPT_COST=4

(cd "$folder" && exec "$bin/carat" serve >/dev/null) &
pid=$!
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/health/ready"; do sleep 0.05; done

sql() { psql --quiet --no-align --tuples-only --field-separator ' ' "$TEST_POSTGRES_URL" --command "$1"; }
sql 'CREATE EXTENSION pg_stat_statements'
sql 'CREATE TABLE bench_rows (id int PRIMARY KEY, amount bigint NOT NULL)'
sql 'INSERT INTO bench_rows SELECT id, 0 FROM generate_series(1, 10000) AS id'
sql 'CREATE TABLE bench_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, row_id int NOT NULL, amount bigint NOT NULL)'

# One transaction of so many statements, of which so many write: half of them insert, half update a row by its key.
script() {
    local statements=$1 writes=$2 number
    echo '\set row random(1, 10000)'
    echo 'BEGIN;'
    for number in $(seq 3 "$((statements - writes))"); do echo 'SELECT amount FROM bench_rows WHERE id = :row;'; done
    for number in $(seq 1 "$writes"); do
        if [ $((number % 2)) = 0 ]; then
            echo 'UPDATE bench_rows SET amount = amount + 1 WHERE id = :row;'
        else
            echo 'INSERT INTO bench_log (row_id, amount) VALUES (:row, 1);'
        fi
    done
    echo 'COMMIT;'
}

measure() {
    local what=$1 number a_second statements writes
    sql 'SELECT pg_stat_statements_reset()' >/dev/null
    read -r number a_second < <("$bin/money" "$what" "http://127.0.0.1:$port" "$folder/supply.json")
    read -r statements writes < <(sql "SELECT round(sum(calls) / $number), round(sum(calls) FILTER (WHERE query ~* '^\s*(insert|update|delete)') / $number) FROM pg_stat_statements")
    script "$statements" "$writes" >"$folder/transaction.sql"
    local limit
    limit=$("$pgbench" --no-vacuum --protocol prepared --client 16 --jobs 2 --time 12 --file "$folder/transaction.sql" "$TEST_POSTGRES_URL" 2>/dev/null |
        awk '/^tps/ { printf "%.0f", $3 }')
    echo "$what: $a_second a second ($number in all, $statements statements each, $writes of them write); pgbench: $limit; ratio $(awk "BEGIN { printf \"%.2f\", $a_second / $limit }")"
}

"$bin/money" prepare "http://127.0.0.1:$port" "$folder/supply.json" "$ADMIN_EMAIL" "$ADMIN_PASSWORD"
"$bin/money" warm "http://127.0.0.1:$port" "$folder/supply.json"
sql 'VACUUM ANALYZE' # as it does by itself in a while
measure redeem
measure order
(cd "$folder" && "$bin/carat" ledger check | tail -n 1)
