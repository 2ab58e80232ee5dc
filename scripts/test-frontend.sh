#!/usr/bin/env bash
# The unit tests of the two apps and their packages.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/npm-ci.sh frontend
exec npm --prefix frontend test
