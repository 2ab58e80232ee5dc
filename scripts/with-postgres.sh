#!/usr/bin/env bash
# scripts/with-postgres.sh COMMAND...: runs the command beside a throw-away PostgreSQL server, whose address is in
# TEST_POSTGRES_URL. The server is fast and careless (no fsync), listens on loopback only, asks for a random password,
# and is gone afterwards, also when the command fails or is interrupted. With POSTGRES_AS_SHIPPED=1 it is as careful as it is
# shipped, and counts its statements: for benchmarks.
# Where TEST_POSTGRES_URL is set already, that server is used and left alone.
set -euo pipefail

if [ -n "${TEST_POSTGRES_URL:-}" ]; then exec "$@"; fi

here=$(cd "$(dirname "$0")" && pwd)
bin=$("$here/find-postgres.sh") || {
    echo "PostgreSQL's server is not installed: run scripts/setup-tests.sh" >&2
    exit 1
}

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/carat-postgres.XXXXXX")
child=
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
    trap - EXIT
    trap '' INT TERM HUP
    if [ -n "$child" ] && kill -TERM "$child" 2>/dev/null; then wait "$child" || true; fi
    as_postgres "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >"$folder/password"
if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
cd "$folder" # a folder that the user postgres may enter
as_postgres "$bin/initdb" --pgdata "$folder/data" --username postgres --pwfile "$folder/password" \
    --auth password --encoding UTF8 --locale C --no-sync >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    exit 1
}

settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c timezone=UTC -c max_connections=300"
if [ -n "${POSTGRES_AS_SHIPPED:-}" ]; then
    settings+=" -c shared_preload_libraries=pg_stat_statements"
else
    settings+=" -c shared_buffers=64MB -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
fi
start() {
    as_postgres "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait --silent \
        --options "-c port=$1 $settings" start >/dev/null 2>&1
}

# Below the ports that the system hands out by itself; another try if somebody else has it.
for _ in 1 2 3 4 5 6; do
    port=$((20000 + RANDOM % 10000))
    if start "$port"; then break; fi
    port=
done
if [ -z "$port" ]; then
    cat "$folder/server.log" >&2
    exit 1
fi
cd "$OLDPWD"

export TEST_POSTGRES_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"
# In the background, so that a signal is answered at once and not when the command has ended.
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
