#!/usr/bin/env bash
# Installs what the tests need beyond Rust and Node, if it is missing: PostgreSQL, Redis, Python, Chromium and cargo-nextest.
# Uses the system's package manager where it may (as root, or by sudo without a password); otherwise says what to install.
# Nothing that it installs is started: the tests start their own servers.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need-tools.sh

missing=()
scripts/find-postgres.sh >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis)
python3 -c "import venv, ensurepip" 2>/dev/null || missing+=(python3)
scripts/find-chromium.sh >/dev/null || missing+=(chromium)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

install_on_debian() {
    local packages=("${missing[@]/#redis/redis-server}")
    packages=("${packages[@]/#python3/python3-venv}")
    local no_cluster=/etc/postgresql-common/createcluster.d/carat.conf
    # Packages neither make a database cluster nor start a service, while we install them.
    as_root sh -c "mkdir -p ${no_cluster%/*} && echo 'create_main_cluster = false' >$no_cluster"
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        as_root sh -c "printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d"
        trap 'as_root rm -f /usr/sbin/policy-rc.d '"$no_cluster" EXIT
    else
        trap 'as_root rm -f '"$no_cluster" EXIT
    fi
    # The second try is for a dpkg that another process holds, or that stumbled over its own order.
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=120)
    as_root "${apt[@]}" update || true # a source that does not answer may not be the one that is needed
    as_root "${apt[@]}" install --no-install-recommends "${packages[@]}" ||
        as_root "${apt[@]}" install --no-install-recommends "${packages[@]}"
}

install_on_fedora() { as_root dnf install -y "${missing[@]/#postgresql/postgresql-server}"; }

install_on_macos() {
    local package
    for package in "${missing[@]}"; do
        if [ "$package" = chromium ]; then brew install --cask chromium; else brew install "${package/#postgresql/postgresql@17}"; fi
    done
}

if [ "${#missing[@]}" -gt 0 ]; then
    echo "Missing for the tests: ${missing[*]}"
    if command -v apt-get >/dev/null && may_be_root; then
        install_on_debian
    elif command -v dnf >/dev/null && may_be_root; then
        install_on_fedora
    elif command -v brew >/dev/null; then
        install_on_macos
    else
        cat >&2 <<TXT
They cannot be installed from here: there is no right to do so, or no package manager that this script knows. Please install:
  Debian, Ubuntu:  sudo apt-get install ${missing[*]/#redis/redis-server}
  Fedora:          sudo dnf install ${missing[*]/#postgresql/postgresql-server}
  macOS:           brew install ${missing[*]/#postgresql/postgresql@17}
TXT
        exit 1
    fi
fi

if ! cargo nextest --version >/dev/null 2>&1; then
    echo "Missing for the tests: cargo-nextest (building it takes some minutes)"
    cargo install --locked cargo-nextest
fi
