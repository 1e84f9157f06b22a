"""``python -m ingest``: bring the index in line with the corpus, showing how far it is.

It only reads arguments and prints; `ingest.sync` does the work.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from ingest.progress import Form, shown

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.sync import Report

STOPPED = "stopped; what was finished is in the index; run the command again to go on."
INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 + SIGINT, as shells give it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0, 1 after an error or a failed file, 130 after Ctrl-C."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.failures and (options.paths or options.rebuild):
        parser.error("--failures only lists: leave out paths and --rebuild")
    from bot.errors import CommuniqueError

    try:
        from bot.settings import load

        if options.failures:
            return _list_failures(load(), as_json=options.json)
        from ingest.sync import sync_settings

        with shown(options.progress) as tell:
            report = sync_settings(load(), options.paths, options.rebuild, tell, remove=options.remove)
    except CommuniqueError as error:
        _say(options.progress, error=str(error))
        return 1
    except KeyboardInterrupt:
        _say(options.progress, error=STOPPED)
        return INTERRUPTED
    _print_failures(report, options.progress)
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _print_report(report, rebuilt=options.rebuild)
    return 1 if report.failed else 0


def index(settings: "Settings") -> None:
    """Build the index of `settings` for its first use, with progress on stderr."""
    from ingest.sync import sync_settings

    with shown() as tell:
        report = sync_settings(settings, (), False, tell)
    _print_failures(report, "auto")
    print(f"{report.releases} releases, {report.passages} passages indexed", file=sys.stderr, flush=True)


def _print_failures(report: "Report", form: Form) -> None:
    for file, reason in report.failed:
        _say(form, error=reason, file=file)


def _say(form: Form, **message: str) -> None:
    """One line on stderr: what went wrong, or all of the message as JSON."""
    said = f"communique: {' '.join(message['error'].split())}"
    line = json.dumps(message, ensure_ascii=False) if form == "json" else said
    print(line, file=sys.stderr, flush=True)


def _list_failures(settings: "Settings", *, as_json: bool) -> int:
    """Print what could not be read when it was last tried."""
    from bot.catalog import FILE, Catalog

    with Catalog.open(settings.data_dir / FILE, create=False) as catalog:
        failures = catalog.failures()
    if as_json:
        print(json.dumps({"failures": [each.to_json() for each in failures]}, ensure_ascii=False))
        return 0
    for each in failures:
        tries = "once" if each.tries == 1 else f"{each.tries} times"
        print(" ".join(each.reason.split()))
        print(
            f"  tried {tries}, first {each.first_seen:%Y-%m-%d %H:%M}, last {each.last_seen:%Y-%m-%d %H:%M} UTC"
        )
    if not failures:
        print("No file failed when it was last tried.")
    return 0


def _print_report(report: "Report", *, rebuilt: bool) -> None:
    if report.nothing_done and not rebuilt:
        number = (
            f"{report.releases} release is" if report.releases == 1 else f"{report.releases} releases are"
        )
        print(f"Nothing to do: {number} up to date.")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Releases", "", box=None, show_header=False, pad_edge=False)
    for name, count in (
        ("added", report.added),
        ("changed", report.changed),
        ("unchanged", report.unchanged),
        ("removed", report.removed),
        ("failed", len(report.failed)),
        ("skipped (other formats)", report.skipped),
    ):
        if count:
            table.add_row(name, str(count))
    table.add_row("in the index", str(report.releases), style="bold")
    Console().print(table)
    rate = f", {report.passages / report.seconds:.0f} a second" if report.seconds else ""
    print(f"{report.passages} passages embedded in {report.seconds:.1f} s{rate}.")
    if report.restored:
        print(f"{report.restored} of them were in the index, but had lost their vectors.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Bring the index in line with the corpus: new and changed files go in, others leave.",
        epilog="Exit status: 0, or 1 where something failed; every file that failed is named.",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a file or folder, in place of the corpus folder"
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="make the whole index again; the old one serves until the new one is ready",
    )
    parser.add_argument(
        "--remove",
        action="append",
        default=[],
        metavar="RELEASE",
        help="take the release of this id, or the file of this path with all its releases, out of the index; "
        "the file moves to `removed` in the data folder",
    )
    parser.add_argument(
        "--failures", action="store_true", help="list the files that failed, and why, and read none"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument(
        "--progress",
        choices=get_args(Form),
        default="auto",
        help="auto: a bar on a terminal, a line now and then elsewhere; json: an object a line on stderr, "
        "for progress and for what failed (`error`, with its `file`)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
