"""``python -m ingest``: bring the index in line with the corpus, showing how far it is.

It only reads arguments and prints; `ingest.sync` does the work.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.sync import Report
    from ingest.write import Progress, Tell

PLAIN_SECONDS = 10.0
"""Time between lines of progress where there is no terminal."""
INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 + SIGINT, as shells give it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0, 1 after an error or a failed file, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    from bot.errors import CommuniqueError

    try:
        from bot.settings import load
        from ingest.sync import sync_settings

        with progress_shown() as tell:
            report = sync_settings(load(), options.paths, options.rebuild, tell)
    except CommuniqueError as error:
        print(_line(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was finished is in the index; run the command again to go on.", file=sys.stderr)
        return INTERRUPTED
    _print_failures(report)
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _print_report(report, rebuilt=options.rebuild)
    return 1 if report.failed else 0


def index(settings: "Settings") -> None:
    """Build the index of `settings` for its first use, with progress on stderr."""
    from ingest.sync import sync_settings

    with progress_shown() as tell:
        report = sync_settings(settings, (), False, tell)
    _print_failures(report)
    print(f"{report.releases} releases, {report.passages} passages indexed", file=sys.stderr, flush=True)


@contextmanager
def progress_shown() -> "Iterator[Tell]":
    """Show progress on stderr: a bar with rate and time left on a terminal, a line now and then elsewhere."""
    with _bar() if sys.stderr.isatty() else _lines() as tell:
        yield tell


@contextmanager
def _bar() -> "Iterator[Tell]":
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[releases]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, releases="Reading the corpus", rate="")

        def tell(progress: "Progress") -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{progress.passages / elapsed:.0f} passages/s" if elapsed else ""
            bar.update(task, completed=progress.fraction, releases=_releases(progress), rate=rate)

        yield tell


@contextmanager
def _lines() -> "Iterator[Tell]":
    import time

    last = -PLAIN_SECONDS

    def tell(progress: "Progress") -> None:
        nonlocal last
        if time.monotonic() - last >= PLAIN_SECONDS:
            last = time.monotonic()
            print(f"{_releases(progress)}, {progress.fraction:.0%}", file=sys.stderr, flush=True)

    yield tell


def _releases(progress: "Progress") -> str:
    if not progress.total:
        return f"{progress.passages} lost vectors restored"
    return f"{progress.done} of {progress.total} releases"


def _print_failures(report: "Report") -> None:
    for _, reason in report.failed:
        print(_line(reason), file=sys.stderr)


def _line(message: str) -> str:
    return " ".join(message.split())


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
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    return parser


if __name__ == "__main__":
    sys.exit(main())
