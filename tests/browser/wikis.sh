#!/bin/sh
# Unpacks Debian's MediaWiki and DokuWiki into a folder for the browser tests, and installs the PHP that runs them; no
# web server and no database server. Without them the tests are skipped with the reason; in CI that is an error.
# usage: wikis.sh FOLDER
set -u
wikis="mediawiki mediawiki-classes dokuwiki"
php="php-cli php-sqlite3 php-mbstring php-xml php-intl php-geshi php-phpseclib php-random-compat libphp-simplepie"
unpacked="$1/unpacked"

test -d "$unpacked" && php -r 'exit(extension_loaded("pdo_sqlite") ? 0 : 1);' 2>/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Unpacking MediaWiki and DokuWiki for the browser tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    rm -rf "$1"
    mkdir -p "$1/archives"
    {
        apt-get -qq update &&
            apt-get -qq install -y --no-install-recommends $php &&
            (cd "$1/archives" && apt-get -qq download $wikis) &&
            for archive in "$1"/archives/*.deb; do dpkg -x "$archive" "$1/unpacking" || exit 1; done &&
            rm -r "$1/archives" &&
            mv "$1/unpacking" "$unpacked"
    } >/dev/null 2>&1 </dev/null && exit 0
fi
echo "No wikis: the tests in them need Debian's $wikis $php, and root to get them" >&2
test "${CI:-}" != true
