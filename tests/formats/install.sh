#!/bin/sh
# Finds the LibreOffice that writes documents for the tests, or installs Debian's where this user may. Without one
# those tests are skipped with the reason; in CI that is an error.
set -u

command -v soffice >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's LibreOffice Writer for the tests of formats" >&2
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get -qq update && apt-get -qq install -y --no-install-recommends libreoffice-writer-nogui
    } >/dev/null </dev/null
    command -v soffice >/dev/null && exit 0
fi
echo "No LibreOffice could be installed: put soffice on the PATH to run the tests that write documents with it" >&2
test "${CI:-}" != true
