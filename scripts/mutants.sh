#!/usr/bin/env bash
# scripts/mutants.sh [domain|application] [OPTIONS OF cargo mutants]: changes the rules of money in every small way there is,
# one at a time, and tells which changes no unit test notices (docs/mutants.md). Installs cargo-mutants if it is missing.
# A part of them: scripts/mutants.sh domain --re ledger/chain
set -euo pipefail
cd "$(dirname "$0")/.."

version=27.1.0
if [ "$(cargo mutants --version 2>/dev/null)" != "cargo-mutants $version" ]; then
    echo "Missing: cargo-mutants $version (building it takes some minutes)"
    cargo install --locked --force "cargo-mutants@$version"
fi

packages=(domain application)
case ${1:-} in
domain | application)
    packages=("$1")
    shift
    ;;
esac

folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}/mutants" && cd "${CARGO_TARGET_DIR:-target}/mutants" && pwd)
tree=$folder/tree
export CARGO_TARGET_DIR=$folder/build CARGO_PROFILE_DEV_DEBUG=false

# A copy of these two crates and nothing else: without the test kit, for which every adapter would be built again for each
# change. The files are new, so that nothing counts as built that an interrupted run left behind.
rm -rf "$tree"
mkdir -p "$tree/crates"
cp -R .cargo Cargo.toml Cargo.lock "$tree"
cp -R crates/domain crates/application "$tree/crates"
rm -r "$tree/crates/application/tests"
sed -i.bak '/^members = \[/,/^\]/c\
members = ["crates/domain", "crates/application"]' "$tree/Cargo.toml"
sed -i.bak '/^testkit\./d' "$tree/crates/application/Cargo.toml"

status=0
for package in "${packages[@]}"; do
    cargo mutants --dir "$tree" --in-place --output "$folder/$package" --package "$package" "$@" || status=$?
done
exit "$status"
