"""What is found in several versions of one release is ranked once, in the version that fits the question best.

It does not know how versions are told apart: the catalog says which there are and which of their passages match.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.catalog import Catalog, Version
from bot.domain import Passage


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its cosine similarity to the question, its fused score and its items as in `bot.items.Near`."""

    passage: Passage
    similarity: float
    score: float
    items: tuple[tuple[int, float], ...] = ()


def once(
    found: Sequence[Found],
    language: str,
    catalog: Catalog,
    similarities: Callable[[Sequence[str]], Mapping[str, float]],
) -> list[Found]:
    """The passages, best first, without those that a correction replaced, and each content in one version only.

    That is the version in `language`, and of copies the newest; its passage takes the best place that the content
    has, also where it was not found itself. `similarities` gives the cosines of such passages to the question.
    """
    versions = catalog.versions(sorted({item.passage.release_id for item in found}))
    if not versions:
        return list(found)
    answering = [item for item in found if not _is_superseded(item.passage, versions)]
    twins = catalog.counterparts(
        [item.passage.id for item in answering if item.passage.release_id in versions]
    )
    known = {item.passage.id: item for item in answering}
    missing = sorted({id_ for ids in twins.values() for id_ in ids} - known.keys())
    near = similarities(missing) if missing else {}
    for passage in catalog.passages([id_ for id_ in missing if id_ in near]):
        if not _is_superseded(passage, versions):
            known[passage.id] = Found(passage, near[passage.id], near[passage.id])
    kept: dict[str, Found] = {}
    told: set[str] = set()
    for item in answering:
        if item.passage.id in told:
            continue
        same = [item, *(known[id_] for id_ in twins.get(item.passage.id, ()) if id_ in known)]
        chosen = _chosen(same, language, versions)
        told.update(each.passage.id for each in same)
        for each in chosen:
            best = max(item.score, kept[each.passage.id].score if each.passage.id in kept else each.score)
            kept[each.passage.id] = replace(each, score=best)
    return sorted(kept.values(), key=lambda item: (-item.score, item.passage.id))


def _chosen(same: Sequence[Found], language: str, versions: Mapping[str, Version]) -> list[Found]:
    """Of passages that tell the same, those of the version to be shown; the first is the one that was found."""
    speaks = language if any(item.passage.language == language for item in same) else same[0].passage.language
    fitting = [item for item in same if item.passage.language == speaks]

    def age(item: Found) -> tuple[date, str]:
        version = versions.get(item.passage.release_id)
        return (version.date if version and version.date else date.min), item.passage.release_id

    newest = max(fitting, key=age).passage.release_id
    return [item for item in fitting if item.passage.release_id == newest]


def _is_superseded(passage: Passage, versions: Mapping[str, Version]) -> bool:
    version = versions.get(passage.release_id)
    return version is not None and version.superseded_by is not None
