"""Real wikis on this machine: Debian's MediaWiki and DokuWiki as `wikis.sh` unpacks them, run by PHP's own server."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.conftest import ROOT

PLUGINS = ROOT / "bot" / "web" / "wikis"
START_SECONDS = 30


@dataclass(frozen=True)
class Wiki:
    """A wiki that runs: its origin, the address of a page by its title, and how a page is written."""

    origin: str
    address: Callable[[str], str]
    write: Callable[[str, str], None]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def mediawiki(unpacked: Path, folder: Path, port: int, server: str, key: str) -> Iterator[Wiki]:
    """MediaWiki over SQLite, with Cite and our extension."""
    code = unpacked / "usr" / "share" / "mediawiki"
    origin = f"http://localhost:{port}"
    (folder / "data").mkdir(parents=True)
    options = {
        "dbtype": "sqlite", "dbpath": folder / "data", "dbname": "wiki", "server": origin, "scriptpath": "",
        "confpath": folder, "pass": "a long password of a test", "skins": "Vector",
    }  # fmt: skip
    arguments = [f"--{name}={value}" for name, value in options.items()]
    _php(code / "maintenance" / "install.php", *arguments, "Team wiki", "Admin", folder=folder)
    with (folder / "LocalSettings.php").open("a", encoding="utf-8") as settings:
        settings.write(
            f"wfLoadExtension( 'Cite', '{code}/extensions-core/Cite/extension.json' );\n"
            f"wfLoadExtension( 'Communique', '{PLUGINS}/mediawiki/Communique/extension.json' );\n"
            f"$wgCommuniqueServer = '{server}';\n$wgCommuniqueKey = '{key}';\n"
            "$wgEnableEmail = false;\n$wgJobRunRate = 0;\n"
        )
    environment = {"MW_CONFIG_FILE": str(folder / "LocalSettings.php")}

    def write(title: str, text: str) -> None:
        script = code / "maintenance" / "edit.php"
        _php(script, "--user=Admin", title, folder=folder, text=text, environment=environment)

    with _php_server(code, folder, port, environment):
        yield Wiki(origin, lambda title: f"{origin}/index.php?title={quote(title)}", write)


@contextmanager
def dokuwiki(unpacked: Path, folder: Path, port: int, server: str, key: str) -> Iterator[Wiki]:
    """DokuWiki with our plugin, open to everyone."""
    code, conf, data = folder / "code", folder / "conf", folder / "data"
    shutil.copytree(unpacked / "usr" / "share" / "dokuwiki", code, symlinks=True)
    for name in ("plugins", "tpl"):  # links to where Debian keeps them
        (code / "lib" / name).unlink()
        shutil.copytree(unpacked / "var" / "lib" / "dokuwiki" / "lib" / name, code / "lib" / name)
    shutil.copytree(PLUGINS / "dokuwiki" / "communique", code / "lib" / "plugins" / "communique")
    shutil.copytree(unpacked / "etc" / "dokuwiki", conf, symlinks=True)
    for name in ("attic cache index locks log media media_attic media_meta meta pages tmp").split():
        (data / name).mkdir(parents=True)
    settings = {
        "title": "Team wiki", "savedir": str(data), "useacl": 0, "updatecheck": 0,
        **{f"plugin']['communique']['{name}": value for name, value in (("server", server), ("key", key))},
    }  # fmt: skip
    lines = [f"$conf['{name}'] = '{value}';" for name, value in settings.items()]
    (conf / "local.php").write_text("\n".join(["<?php", *lines, ""]), encoding="utf-8")
    prepended = folder / "prepend.php"
    prepended.write_text(
        f"<?php define('DOKU_MAIN_CONF', '{conf}/'); define('DOKU_CONF', '{conf}/');", encoding="utf-8"
    )
    origin = f"http://localhost:{port}"

    def write(title: str, text: str) -> None:
        (data / "pages" / f"{title}.txt").write_text(text, encoding="utf-8")

    with _php_server(code, folder, port, {}, ["-d", f"auto_prepend_file={prepended}"]):
        yield Wiki(origin, lambda title: f"{origin}/doku.php?id={quote(title)}", write)


def _php(
    script: Path, *arguments: str, folder: Path, text: str = "", environment: Mapping[str, str] | None = None
) -> None:
    done = subprocess.run(
        ["php", str(script), *arguments],
        cwd=folder, input=text, capture_output=True, text=True, timeout=100,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _php_server(
    code: Path, folder: Path, port: int, environment: Mapping[str, str], options: Sequence[str] = ()
) -> Iterator[None]:
    """PHP's own server over `code`; some workers, since pages load many files at once."""
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(code), *options],
            cwd=code,
            env={**os.environ, **environment, "PHP_CLI_SERVER_WORKERS": "3"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}/", server)
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # its workers, too
        server.wait(20)


def _wait_until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=START_SECONDS):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the wiki did not start: exit status {server.poll()}")
