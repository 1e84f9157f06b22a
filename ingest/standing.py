"""What an index remembers of earlier runs: which folder is the corpus, and which files failed.

It reads no release: it only says what a run has to look at besides what it was told to.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from bot.catalog import Catalog, Failure
from bot.upkeep.uploads import UPLOADS
from ingest.fetch.kept import FETCHED
from ingest.plan import Plan
from ingest.scope import Scope, Source, look_again, resolved

_ESCAPED = "\\ud"
"""Stands in the name of a failure that is not UTF-8: such a file cannot be found by it."""


def own_roots(data_dir: Path) -> list[Path]:
    """The folders of the data folder that hold releases: a run over the corpus is one over them, too."""
    return [folder for name in (UPLOADS, FETCHED) if (folder := data_dir / name).is_dir()]


def known_to_fail(failures: Sequence[Failure]) -> list[Source]:
    """The files that failed, as far as their names can be found again."""
    return [
        Source(each.root, each.file, each.member)
        for each in failures
        if Path(each.root).is_absolute() and _ESCAPED not in each.file
    ]


def former_corpus(corpus: Path, remembered: str | None) -> str | None:
    """The folder that was the corpus before another one was named, unless it lies within that one."""
    home = resolved(corpus)
    if remembered is None or home == Path(remembered) or home in Path(remembered).parents:
        return None
    return remembered


def widen(scope: Scope, former: str | None, failures: Sequence[Failure], suffixes: Collection[str]) -> None:
    """Let a run over the corpus look at all that failed, wherever it is, and at the `former` corpus.

    Of that nothing is found: what it held leaves, for another folder was meant.
    """
    if former:
        scope.reach.append((former, Path(former)))
    for source in known_to_fail(failures):
        if not scope.covers(source):
            look_again(scope, source, suffixes)


def remember(
    catalog: Catalog,
    plan: Plan,
    scope: Scope,
    paths: Sequence[Path],
    corpus: Path,
    failures: Sequence[Failure],
) -> None:
    """Note which folder is the corpus, what failed in this run, and which of the `failures` before it did not."""
    failed = {(each.root, each.file, each.member): reason for each, reason in plan.failed.items()}
    before = [(each.root, each.file, each.member) for each in failures]
    settled = [place for place in before if place not in failed and scope.covers(Source(*place))]
    catalog.note_failures(failed, settled)
    home = str(resolved(corpus))
    if not paths:
        catalog.note_corpus(home)
    elif catalog.corpus != home and (catalog.corpus, Path(catalog.corpus or "")) in scope.reach:
        catalog.note_corpus(None)  # it is no longer the corpus, but was asked for by its path, and stays
