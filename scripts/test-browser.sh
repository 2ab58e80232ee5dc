#!/usr/bin/env bash
# The apps in a real browser against the real server: Playwright with the Chromium of the system, which CHROMIUM_BIN names.
set -euo pipefail
cd "$(dirname "$0")/.."

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
scripts/npm-ci.sh tests/browser
scripts/npm-ci.sh tests/providers
scripts/build-frontend.sh
scripts/build-tests.sh
CARAT_BIN=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/carat
CHROMIUM_BIN=$(scripts/find-chromium.sh) || {
    echo "Chromium is not installed: run scripts/setup-tests.sh" >&2
    exit 1
}
export CARAT_BIN CHROMIUM_BIN
cd tests/browser
npm run --silent types
exec npx --no-install playwright test "$@"
