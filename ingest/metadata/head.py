"""The head of a release: its headline lines, the labels above them, and where the body begins.

It knows no dates beyond their look and no issuer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.kinds import ADDRESS, is_boilerplate

READ_CHARACTERS = 50_000
"""How much of a release is read for its description."""

_LONGEST_HEADLINE = 250
_HEAD_LINES = 12

_NUMBER = r"(?:\ (?:no\.?|n[°o]|\#)?\s?[\w/.-]*\d[\w/.-]*)?"
_LABEL = re.compile(
    rf"""[\W_]*(?:
    (?:(?:the|a|an|un|joint|official|final|corrected|updated?|advance|media|press|news)\ )*
        (?:press|news|media)?[ -]?(?:release|advisory|statement|communiqu[eé]|briefing|note|update)s?
        (?:\ to\ (?:the\ )?(?:press|media|editors|correspondents))?
    |(?:le\ |un\ )?(?:communiqu[eé]|d[eé]claration|note|dossier|point|avis|nota|comunicado|declaración)s?
        (?:\ (?:conjointe?|commune?|officielle?s?|oficial|conjunto))?
        (?:\ (?:de|à|aux|d['’])\ ?(?:la\ )?(?:presse|prensa|médias?|information))?
        (?:\ (?:conjointe?|commune?|conjunto))?
    |for\ (?:immediate\ )?(?:release|publication)|pour\ (?:diffusion|publication)(?:\ immédiate)?
    |embargo(?:ed)?\b.*
    |news|press|media|actualités?|presse|headlines?
    ){_NUMBER}[\W_]*""",
    re.VERBOSE | re.IGNORECASE,
)
_JOINT = re.compile(r"\b(?:joint|conjointe?|commune?|conjunto)\b", re.IGNORECASE)
_CLOSED = re.compile(r"""[.!?;…。！？]["'”’»)\]]*\Z""")
_GOES_ON = re.compile(
    r"(?:[,:–—-]|\b(?:of|the|and|in|on|for|to|with|by|at|from"
    r"|de|des|du|la|le|les|et|à|au|en|sur|pour|dans|par|avec|l['’]|d['’]))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """`headlines` in order, each on one line; `body` is the character at which the prose begins."""

    headlines: tuple[str, ...]
    body: int
    joint: bool


def is_label(line: str) -> bool:
    """Whether a line only says what kind of document follows, as "PRESS RELEASE" does."""
    return len(line) <= 80 and _LABEL.fullmatch(line.strip()) is not None


def read_head(text: str, dateline: tuple[int, int] | None) -> Head:
    """The headlines above the first prose. `dateline` is where the place and date stand, if they do.

    The first of several headlines is the release's; a label is never one.
    """
    headlines: list[str] = []
    joint = False
    previous_end = first_end = -1
    for start, end in _lines(text[:READ_CHARACTERS]):
        line = text[start:end].strip()
        if dateline and start <= dateline[0] < end:
            if text[dateline[1] : end].strip(" \t.-–—:|)"):
                return Head(tuple(headlines), start, joint)
            previous_end = -1
            continue
        if is_label(line):
            joint = joint or _JOINT.search(line) is not None
            previous_end = -1
            continue
        if is_boilerplate(line) or ADDRESS.search(line) or not re.search(r"\w", line):
            previous_end = -1
            continue
        if _is_prose(line, text, end) and (headlines or not _stands_alone(line, text, start, end)):
            return Head(tuple(headlines), start, joint)
        next_line = previous_end >= 0 and start - previous_end <= 2 and text[previous_end:start] != "\n\n"
        if headlines and next_line and _wraps(headlines[-1], line):
            headlines[-1] = f"{headlines[-1]} {line}"
        else:
            headlines.append(line)
        previous_end = end
        first_end = end if first_end < 0 else first_end
        if len(headlines) >= _HEAD_LINES:
            break
    return Head(tuple(headlines[:1]), max(0, first_end), joint)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n\r]+", text):
        if match.group().strip():
            yield match.span()


def _is_prose(line: str, text: str, end: int) -> bool:
    """Whether a line is a paragraph or the first line of a wrapped one."""
    if len(line) > _LONGEST_HEADLINE:
        return True
    if _CLOSED.search(line):
        return True
    following = text[end : end + 2]
    return len(line) > 60 and following.strip("\r\n") != "" and text[end + 1 : end + 2].islower()


def _stands_alone(line: str, text: str, start: int, end: int) -> bool:
    """Whether a short closed line is apart from the text below it, as a headline is that ends in a mark."""
    below = text[end : end + 4]
    apart = below.count("\n") >= 2 or below.count("\r") >= 2
    one_sentence = len(re.findall(r"[.!?]\s", line)) == 0
    return apart and one_sentence and len(line) <= 160 and bool(text[end:].strip())


def _wraps(before: str, line: str) -> bool:
    """Whether a headline goes on in the next line."""
    if len(before) + len(line) > _LONGEST_HEADLINE:
        return False
    both_capitals = before.isupper() and line.isupper()
    return both_capitals or line[0].islower() or _GOES_ON.search(before) is not None
