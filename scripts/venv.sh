#!/usr/bin/env bash
# scripts/venv.sh FOLDER: installs the Python packages of a folder into its `.venv`, if its requirements.txt is newer.
set -euo pipefail
cd "$(dirname "$0")/../$1"

# Written last, so that an interrupted installation begins anew.
if [ .venv/installed -nt requirements.txt ]; then exit; fi
python3 -m venv --clear .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
touch .venv/installed
