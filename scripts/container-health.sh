#!/usr/bin/env bash
# The container's health check: the image has no HTTP client, and needs none to ask one question.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${PORT:-8000}"
printf 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
