#!/usr/bin/env bash
# scripts/openapi.sh: writes the OpenAPI document anew, and the apps' typed client from it.
# scripts/openapi.sh --check: fails if the committed document is not what the code says.
set -euo pipefail
cd "$(dirname "$0")/.."

committed=frontend/packages/api-client/openapi.json
said=$(mktemp)
trap 'rm -f "$said"' EXIT
scripts/build-tests.sh
"${CARGO_TARGET_DIR:-target}/debug/carat" openapi >"$said"

if [ "${1:-}" = --check ]; then
    diff -u "$committed" "$said" || {
        echo "The API has changed, and $committed has not: run make openapi, and commit what it writes." >&2
        exit 1
    }
    # The client, too, is what this document makes.
    scripts/npm-ci.sh frontend
    (cd frontend && npx --no-install openapi-typescript packages/api-client/openapi.json -o "$said" >/dev/null 2>&1)
    diff -u frontend/packages/api-client/src/schema.gen.ts "$said" || {
        echo "The typed client is not what openapi.json makes: run make openapi, and commit what it writes." >&2
        exit 1
    }
else
    cp "$said" "$committed"
    scripts/npm-ci.sh frontend
    npm --prefix frontend run generate --workspace @carat/api-client
fi
