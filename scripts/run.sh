#!/usr/bin/env bash
# From a fresh clone to a running shop: builds what has changed, then starts the server with the demo catalogue.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need-tools.sh
carat=${CARGO_TARGET_DIR:-target}/release/carat
if [ ! -e "$carat" ]; then echo "The first build takes some minutes; the next start takes none."; fi
# The apps first: the server carries them inside.
scripts/build-frontend.sh
cargo build --release -p server
export APP_ENV="${APP_ENV:-development}"
exec "$carat" serve
