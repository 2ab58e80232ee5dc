#!/usr/bin/env bash
# Builds the two apps and the reference's script, if a source is newer than the last build.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/npm-ci.sh frontend
cd frontend
built=node_modules/.built

is_up_to_date() {
    local app newer
    [ -e "$built" ] && [ ! node_modules/.package-lock.json -nt "$built" ] || return 1
    for app in apps/*; do [ -e "$app/dist/index.html" ] || return 1; done
    [ -e packages/api-docs/dist/redoc.standalone.js ] || return 1
    # Folders too: a file that was deleted leaves no other trace.
    newer=$(find . \( -name node_modules -o -name dist -o -name coverage \) -prune -o \
        \( -type f -o -type d -path '*/src*' \) -newer "$built" -print -quit)
    [ -z "$newer" ]
}

if is_up_to_date; then exit; fi
npm run build
touch "$built"
