#!/usr/bin/env bash
# scripts/npm-ci.sh FOLDER: installs the npm packages of a folder, if its lock file is newer than what is installed.
set -euo pipefail
cd "$(dirname "$0")/../$1"

# npm writes this file last, so an interrupted installation begins anew.
if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit; fi
npm ci --no-audit --no-fund
