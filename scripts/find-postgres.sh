#!/usr/bin/env bash
# Prints the folder of PostgreSQL's server binaries; fails quietly where there are none.
# Debian keeps them off the PATH (/usr/lib/postgresql/15/bin); the newest version wins.
set -euo pipefail

if initdb=$(command -v initdb); then
    dirname "$initdb"
    exit
fi
{
    ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null || true
    ls -d /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin 2>/dev/null || true
} | sort -V | while read -r folder; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then echo "$folder"; fi
done | tail -n 1 | grep .
