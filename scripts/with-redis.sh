#!/usr/bin/env bash
# scripts/with-redis.sh COMMAND...: runs the command beside a throw-away Redis server, whose address is in
# TEST_REDIS_URL. It keeps nothing, listens on loopback only, and is gone afterwards.
# Where TEST_REDIS_URL is set already, that server is used and left alone.
set -euo pipefail

if [ -n "${TEST_REDIS_URL:-}" ]; then exec "$@"; fi

if ! command -v redis-server >/dev/null; then
    echo "Redis is not installed: run scripts/setup-tests.sh" >&2
    exit 1
fi

server=''
child=''
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
    trap - EXIT
    trap '' INT TERM HUP
    for process in $child $server; do
        if kill -TERM "$process" 2>/dev/null; then wait "$process" || true; fi
    done
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'PING\r\n' >&3 && read -r -t 2 pong <&3 && [[ $pong = +PONG* ]]) 2>/dev/null; }

for _ in 1 2 3 4 5 6; do
    port=$((10000 + RANDOM % 10000))
    redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "${TMPDIR:-/tmp}" >/dev/null </dev/null &
    server=$!
    for _ in {1..50}; do
        if ! kill -0 "$server" 2>/dev/null || answers; then break; fi
        sleep 0.1
    done
    if kill -0 "$server" 2>/dev/null && answers; then break; fi
    kill "$server" 2>/dev/null || true
    server=''
done
if [ -z "$server" ]; then
    echo "Redis did not start" >&2
    exit 1
fi

export TEST_REDIS_URL="redis://127.0.0.1:$port"
# In the background, so that a signal is answered at once and not when the command has ended.
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
