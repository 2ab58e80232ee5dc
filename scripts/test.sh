#!/usr/bin/env bash
# Every test there is. A stage that fails does not stop the next ones; at the end each stage's time and the closing
# lines of its test runner are shown once more. Full logs are kept in target/test-logs.
set -euo pipefail
cd "$(dirname "$0")/.."

logs=${CARGO_TARGET_DIR:-target}/test-logs
rm -rf "$logs"
mkdir -p "$logs"
failed=''
summary=''

stage() {
    local name=$1 start=$SECONDS verdict=passed closing
    shift
    printf '\n=== %s: %s\n' "$name" "$*"
    if ! "$@" </dev/null 2>&1 | tee "$logs/$name.log"; then
        verdict=FAILED
        failed+=" $name"
    fi
    closing=$(sed $'s/\e\\[[0-9;]*m//g' "$logs/$name.log" |
        grep -E '^ *(Summary \[|Test Files |Tests |[0-9]+ (passed|failed|flaky))' || true)
    summary+=$(printf '%-9s %s in %d s' "$name" "$verdict" $((SECONDS - start)))$'\n'
    if [ -n "$closing" ]; then summary+=$closing$'\n'; fi
}

# A stage without which the next ones make no sense.
must() {
    stage "$@"
    if [[ " $failed " = *" $1 "* ]]; then finish; fi
}

finish() {
    printf '\n=== All stages, %d s\n%s' "$SECONDS" "$summary"
    if [ -n "$failed" ]; then
        echo "Failed:$failed"
        exit 1
    fi
    exit
}

must setup scripts/setup-tests.sh
stage apps scripts/build-frontend.sh
stage check scripts/check.sh
must build scripts/build-tests.sh
stage rust scripts/test-rust.sh
stage openapi scripts/openapi.sh --check
stage frontend scripts/test-frontend.sh
stage browser scripts/test-browser.sh
finish
