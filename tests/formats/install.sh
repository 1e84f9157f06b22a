#!/bin/sh
# Finds the LibreOffice that writes documents for the tests and the tesseract that reads scans, English and French, or
# installs Debian's where this user may. Without them those tests are skipped with the reason; in CI that is an error.
set -u

writes() { command -v soffice >/dev/null; }
reads() { test "$(tesseract --list-langs 2>/dev/null | grep -cx -e eng -e fra)" = 2; }

wanted=
writes || wanted=libreoffice-writer-nogui
reads || wanted="$wanted tesseract-ocr tesseract-ocr-fra"
test -n "$wanted" || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing from Debian, for the tests of formats: $wanted" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # several packages
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends $wanted; } >/dev/null </dev/null
    writes && reads && exit 0
fi
echo "Not everything could be installed: put soffice on the PATH to run the tests that write documents with it," \
    "and tesseract with the languages eng and fra for those of scans" >&2
test "${CI:-}" != true
