#!/bin/sh
# Finds a Chromium for the browser tests, or installs one: Debian's where this user may, else Playwright's.
# Without one the tests are skipped with the reason; in CI that is an error. usage: install.sh PYTHON
set -u

found() {
    "$1" "$(dirname "$0")/chromium.py" 2>/dev/null
}

found "$1" >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's Chromium for the browser tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get -qq update &&
            apt-get -qq install -y --no-install-recommends chromium fonts-liberation
    } >/dev/null </dev/null
    found "$1" >/dev/null && exit 0
fi
echo "Downloading Playwright's Chromium for the browser tests" >&2
"$1" -m playwright install chromium >/dev/null </dev/null
found "$1" >/dev/null && exit 0
echo "No Chromium could be installed: put one on the PATH to run the browser tests" >&2
test "${CI:-}" != true
