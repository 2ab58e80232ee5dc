#!/usr/bin/env bash
# Prints the path of Chromium (or Chrome); fails quietly where there is none.
set -euo pipefail

if [ -n "${CHROMIUM_BIN:-}" ]; then
    echo "$CHROMIUM_BIN"
    exit
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then exit; fi
done
for app in Chromium "Google Chrome"; do
    if [ -x "/Applications/$app.app/Contents/MacOS/$app" ]; then
        echo "/Applications/$app.app/Contents/MacOS/$app"
        exit
    fi
done
exit 1
