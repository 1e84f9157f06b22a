"""``python -m ingest``: bring the index in line with the corpus, showing how far it is.

It only reads arguments and prints; `ingest.sync` does the work.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from ingest.progress import Form, shown

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.progress import Tell
    from ingest.sync import Report

STOPPED = "stopped; what was finished is in the index; run the command again to go on."
NICENESS = 5
"""Of two processes that want a processor, one this much nicer gets a quarter of it."""
INTERRUPTED, TERMINATED = 130, 143
"""Exit status after Ctrl-C and after SIGTERM: 128 and the number of the signal, as shells give it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0, 1 after an error or a failed file, 130 or 143 where it is stopped.

    What watches the corpus or keeps to a schedule goes on after a failure, and ends with 0 where it is stopped.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.failures and (options.paths or options.rebuild):
        parser.error("--failures only lists: leave out paths and --rebuild")
    from bot.errors import CommuniqueError

    if (options.rebuild or options.remove) and (options.watch or options.every):
        parser.error("--rebuild and --remove are done once: leave out --watch and --every")
    if "-" in options.paths and (options.watch or options.every):
        parser.error("standard input is read once: leave out --watch and --every")
    status = 0
    try:
        from bot.settings import load

        with _stopped_by_sigterm():
            if options.failures:
                return _list_failures(load(), as_json=options.json)
            if options.paths:
                from ingest.named import expanded

                options.paths = expanded(options.paths, load().data_dir)
            if options.watch or options.every:
                _keep_up(load(), options)
            else:
                status = _run(load(), options)
    except CommuniqueError as error:
        _say(options.progress, error=str(error))
        return 1
    except KeyboardInterrupt as stop:
        _say(options.progress, error=STOPPED)
        kept_up = options.watch or options.every
        return 0 if kept_up else TERMINATED if isinstance(stop, _Terminated) else INTERRUPTED
    return status


def _run(settings: "Settings", options: argparse.Namespace) -> int:
    """Bring the index in line once, and say how it went; returns 1 where a file failed."""
    from ingest.sync import sync_settings

    with shown(options.progress) as tell:
        paths, missed = _fetched(settings, options, tell)
        report = sync_settings(settings, paths, options.rebuild, tell, remove=options.remove, ray=options.ray)
    report = replace(report, failed=(*missed, *report.failed))
    _print_failures(report.failed, options.progress)
    _print(report, options)
    return 1 if report.failed else 0


def _keep_up(settings: "Settings", options: argparse.Namespace) -> None:
    """Bring the index in line whenever it is due, until it is stopped; what fails is said once, and tried again."""
    from bot.errors import CommuniqueError
    from bot.upkeep.uploads import UPLOADS
    from ingest.fetch.kept import FETCHED
    from ingest.sync import open_model, sync_settings
    from ingest.watch import moments

    named = [Path(each) for each in options.paths if not _is_address(each)]
    places = named or [settings.corpus_dir, settings.data_dir / UPLOADS, settings.data_dir / FETCHED]
    said: set[tuple[str, str]] = set()
    model = None
    for _ in moments(places if options.watch else [], options.every):
        try:
            model = model or open_model(settings)
            with shown(options.progress) as tell:
                paths, missed = _fetched(settings, options, tell)
                report = sync_settings(settings, paths, False, tell, model, ray=options.ray)
            report = replace(report, failed=(*missed, *report.failed))
        except CommuniqueError as error:
            _say(options.progress, error=str(error))
            continue
        news = [each for each in report.failed if each not in said]
        said = set(report.failed)
        _print_failures(news, options.progress)
        if news or not replace(report, failed=()).nothing_done:
            _print(report, options)


def _fetched(
    settings: "Settings", options: argparse.Namespace, tell: "Tell"
) -> tuple[list[Path], list[tuple[str, str]]]:
    """Fetch what the addresses lead to; returns the paths to ingest, and what could not be fetched, with its reason."""
    urls = [each for each in options.paths if _is_address(each)]
    paths = [Path(each) for each in options.paths if not _is_address(each)]
    if not (urls or options.refresh):
        return paths, []
    from ingest.fetch.client import Client
    from ingest.fetch.follow import fetch
    from ingest.fetch.kept import Kept
    from ingest.progress import Progress

    def told(done: int, total: int, url: str) -> None:
        tell(Progress(done, total, 0, done / max(1, total), url, "fetching"))

    kept = Kept.load(settings.data_dir)
    with Client(allow_private=settings.allow_private_addresses) as client:
        outcome = fetch(kept, client, urls, refresh=options.refresh, tell=told)
    everything = options.refresh and not options.paths
    return [] if everything else [*paths, kept.folder], list(outcome.failed.items())


def _is_address(text: str) -> bool:
    return "://" in text


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which stops as Ctrl-C does."""


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def index(settings: "Settings") -> None:
    """Build the index of `settings` for its first use, with progress on stderr."""
    from ingest.sync import sync_settings

    with shown() as tell:
        report = sync_settings(settings, (), False, tell)
    _print_failures(report.failed, "auto")
    print(f"{report.releases} releases, {report.passages} passages indexed", file=sys.stderr, flush=True)


def _print_failures(failed: Iterable[tuple[str, str]], form: Form) -> None:
    for file, reason in failed:
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


def _print(report: "Report", options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False), flush=True)
    else:
        _print_report(report, rebuilt=options.rebuild)


def _print_report(report: "Report", *, rebuilt: bool) -> None:
    if report.nothing_done and not rebuilt:
        number = (
            f"{report.releases} release is" if report.releases == 1 else f"{report.releases} releases are"
        )
        print(f"Nothing to do: {number} up to date.")
        _print_unread(report)
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
    _print_unread(report)


def _print_unread(report: "Report") -> None:
    if report.unread:
        files = "1 file has" if len(report.unread) == 1 else f"{len(report.unread)} files have"
        print(
            f"{files} scanned pages whose text is not recognised, such as {report.unread[0]}: see COMMUNIQUE_OCR, "
            "and --json for all."
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Bring the index in line with the corpus: new and changed files go in, others leave.",
        epilog="Exit status: 0, or 1 where something failed; every file that failed is named.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a file, folder, pattern such as '2024/*.pdf', or - for standard input, in place of the corpus folder; "
        "or the address (https://…) of a page, a document, a feed or a sitemap, which is fetched into the data folder",
    )
    parser.add_argument(
        "--refresh",
        action="store_true",
        help="fetch again what was fetched from addresses, where it has changed, before all else",
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
    parser.add_argument(
        "--watch",
        action="store_true",
        help="go on after that: again whenever files change, until it is stopped (Ctrl-C, SIGTERM)",
    )
    parser.add_argument(
        "--every",
        type=_minutes,
        metavar="MINUTES",
        help="go on after that: again so many minutes after it last began; with --watch too, whichever comes first",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="embed on the Ray cluster at this address, as host:6379, or on one of this machine alone (local)",
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


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes above 0, such as 15 or 0.5")
    return minutes


def _give_way() -> None:
    """Let whoever asks meanwhile go first: an ingest has time."""
    with suppress(OSError):
        os.nice(NICENESS)


if __name__ == "__main__":
    _give_way()
    sys.exit(main())
