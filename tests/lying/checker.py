"""What an answer says and its quotes do not: an examiner of shown text that shares no code with the proof it examines.

It is simple rather than fair: it knows the numbers, dates and names of the sentences that the lying models write, and
of whole quotes it asks only that they are verbatim.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from bot.catalog import Catalog
from bot.domain import Answer, Citation

_MARKS = re.compile(r"[^\S\n]?\[(\d+)\]")
_STRANGE_MARKS = re.compile(r"[【】［］†⁰¹²³⁴-⁹₀-₉]|\[\D|\[\d+[^\d\]]|\(\d\)|\[\^|\]\(")
"""Marks that are not `[n]`, left as a chat model wrote them."""
_END = re.compile(r"(?<!\bMr)(?<!\bMs)(?<!\bDr)[.!?…][\"»”)]*(?:[^\S\n]?\[\d+\])*+(?=\s|\Z)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ’']\d{3})*(?:[.,]\d+)?")
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = r"\d{1,2}(?:st|nd|rd|th|er)?(?:(?:\s*[-–]\s*|\s+(?:and|et|to|au)\s+)\d{1,2})?"
_DATE = re.compile(
    rf"(?P<days>{_DAYS})\s+(?P<month>{_NAMED})\b(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|\b(?P<month2>{_NAMED})\s+(?:(?P<days2>{_DAYS})\b,?\s*)?(?P<year2>\d{{4}})?"
    r"|(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})"
)
_COUNTS = {
    **dict(
        zip(
            "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen".split(),
            [0, *range(2, 20)],
            strict=True,
        )
    ),
    **dict(
        zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
    ),
    **dict(
        zip(
            "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(),
            range(2, 17),
            strict=True,
        )
    ),
    **dict(zip("vingt trente quarante cinquante soixante".split(), range(20, 70, 10), strict=True)),
}
_OPENERS = frozenset(
    "the it in on as this that these those they there its is at by for of a an and all according le la les l "
    "un une des du il elle ils elles ce cet cette ces c en au aux dans selon d et tous funding "
    "among answer yes no oui non he she mr ms mrs dr m mme".split()
)
"""Words that open a sentence of a lying model, or stand before a name, and name nothing."""

Day = tuple[int | None, int, int | None]
"""Year, month and day, each as far as it is said."""


def faults(answer: Answer, catalog: Catalog) -> list[str]:
    """What is wrong with an answer that is shown, one line each; nothing where all of it holds."""
    return [*_quote_faults(answer, catalog), *_mark_faults(answer), *_sentence_faults(answer)]


def _quote_faults(answer: Answer, catalog: Catalog) -> Iterator[str]:
    for citation in answer.citations:
        release = catalog.release(citation.release_id, citation.revision)
        if release is None or release.text[citation.start : citation.end] != citation.quote:
            yield f"not verbatim: {citation.quote!r}"
        elif not citation.quote.strip() or (release.title, release.date) != (citation.title, citation.date):
            yield f"not as the release says: {citation}"


def _mark_faults(answer: Answer) -> Iterator[str]:
    """Citations are those that the text names, numbered by first use."""
    named = list(dict.fromkeys(int(number) for number in _MARKS.findall(answer.text)))
    if named != [citation.number for citation in answer.citations]:
        yield f"marks {named} for citations {[citation.number for citation in answer.citations]}"
    if answer.declined != (not answer.citations) or not answer.text.strip():
        yield "neither an answer nor a decline"
    if found := _STRANGE_MARKS.search(own_prose(answer)):
        yield f"a mark that is none: {found.group()!r}"


def _sentence_faults(answer: Answer) -> Iterator[str]:
    """Sentences of the chat model that cite nothing, or say what their quotes do not."""
    if answer.declined:
        return
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in _sentences(own_prose(answer)):
        cited = [by_number[int(number)] for number in _MARKS.findall(sentence) if int(number) in by_number]
        said = _MARKS.sub("", sentence)
        if not cited:
            yield f"cites nothing: {said!r}"
        elif missing := [*unheld(said, cited)]:
            yield f"{missing} not in what is cited: {said!r}"


def own_prose(answer: Answer) -> str:
    """The answer's text without whole quotes that are followed by their mark, and the day before such a quote."""
    text = answer.text
    for citation in sorted(answer.citations, key=lambda each: -len(each.quote)):
        quoted = re.escape(f"{citation.quote.strip()} [{citation.number}]")
        text = re.sub(rf"(?:(?:^|(?<=\n))\d{{1,2}} \w+ \d{{4}} – )?{quoted}", "", text)
    return text


def _sentences(text: str) -> Iterator[str]:
    """Sentences with their marks, behind the stop too; a line that ends in a colon belongs to the lines after it."""
    places = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    lead = ""
    for start, end in pairwise(places):
        piece = text[start:end].strip()
        if piece.endswith(":"):
            lead = f"{piece} "
        elif _WORD.search(piece):
            yield lead + piece


def unheld(sentence: str, cited: Iterable[Citation]) -> Iterator[str]:
    """The numbers, dates and names of a sentence that neither a quote, nor title or day of its release, holds."""
    sources = [source for citation in cited for source in _sources(citation)]
    folded = fold(sentence)
    days = [day for source in sources for day in dates(fold(source))]
    for date in dates(folded):
        if not any(_agrees(date, day) for day in days):
            yield f"date {date}"
    held = {number for source in sources for number in numbers(fold(source))}
    for number in numbers(folded):
        if number not in held:
            yield f"number {number:g}"
    words = {word for source in sources for word in _words(source)} | _in_other_languages(sources)
    for name in names(sentence):
        if name not in words:
            yield f"name {name}"


def _sources(citation: Citation) -> Iterator[str]:
    yield citation.quote
    yield citation.title
    if citation.date:
        yield citation.date.isoformat()


def fold(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def dates(folded: str) -> Iterator[Day]:
    """The dates of a folded text; two days of one month are two dates."""
    for found in _DATE.finditer(folded):
        if found["year3"]:
            yield int(found["year3"]), int(found["month3"]), int(found["day3"])
            continue
        if found["month2"] and not (found["days2"] or found["year2"]):
            continue  # "may" and "mars" are words as well
        month = _MONTHS[found["month"] or found["month2"]]
        said = found["year"] or found["year2"]
        days = re.findall(r"\d+", found["days"] or found["days2"] or "") or [None]
        for day in days:
            yield int(said) if said else None, month, int(day) if day else None


def _agrees(said: Day, held: Day) -> bool:
    return all(part is None or part == other for part, other in zip(said, held, strict=True))


def numbers(folded: str) -> Iterator[float]:
    """The numbers of a folded text, in digits or words; those of dates too. "One" is an article as well."""
    for found in _NUMBER.finditer(folded):
        whole = re.sub(r"[.,\u00a0\u202f ’'](?=\d{3}(?:\D|$))", "", found.group())
        yield float(whole.replace(",", "."))
    for run in re.finditer(rf"\b(?:{'|'.join(_COUNTS)})\b(?:[ -](?:et )?(?:{'|'.join(_COUNTS)})\b)*", folded):
        yield float(sum(_COUNTS[word] for word in re.findall(r"[a-z]+", run.group()) if word != "et"))


def names(sentence: str) -> Iterator[str]:
    """The words of a sentence with a capital letter, folded, but those that open it and name nothing."""
    for found in _WORD.finditer(sentence):
        for word in re.split(r"['’-]", found.group()):
            folded = fold(word)
            if (
                word[:1].isupper()
                and len(word) > 1
                and not {folded} & (_OPENERS | _MONTHS.keys() | _COUNTS.keys())
            ):
                yield folded


def _words(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        yield from re.split(r"['’-]", fold(found.group()))


def _in_other_languages(sources: Iterable[str]) -> set[str]:
    """The words of the countries and unions that the sources name, in English and French."""
    text = " ".join(map(fold, sources))
    return {
        word
        for spelled in _territories()
        if any(re.search(rf"\b{re.escape(name)}\b", text) for name in spelled)
        for name in spelled
        for word in _words(name)
    }


@cache
def _territories() -> tuple[tuple[str, str], ...]:
    from babel import Locale

    english, french = (Locale(language).territories for language in ("en", "fr"))
    return tuple(
        (fold(english[code]), fold(french[code])) for code in english if code in french and not code.isdigit()
    )
