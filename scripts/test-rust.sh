#!/usr/bin/env bash
# scripts/test-rust.sh [FILTER]: the Rust tests that a nextest filter picks ('package(web)'), or all of them, beside a
# throw-away PostgreSQL and Redis. The black-box tests find the server's binary in CARAT_BIN.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/npm-ci.sh tests/providers
scripts/venv.sh tests/providers
scripts/build-tests.sh
CARAT_BIN=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/carat
export CARAT_BIN
# The whole workspace is named, and the filter picks from it: with `-p` cargo would choose other features, and compile anew.
exec scripts/with-postgres.sh scripts/with-redis.sh \
    cargo nextest run --locked --workspace ${1:+--filterset "$1"}
