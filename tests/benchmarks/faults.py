"""Sentences for the proof to judge: true ones, and the same with a fault that was planted by rules.

They are made from public questions and answers and from the releases of a corpus folder; it knows nothing of the proof.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.domain import Evidence, Release
from bot.language.sentences import sentences
from tests.benchmarks.sets import asked, rows, texts
from tests.benchmarks.statements import statement

TRUE = "true"
KINDS = ("fabricated", "misattributed", "altered number", "altered name", "altered date", "negated")
HARD = ("unanswerable", "swapped", "half true")
"""Told apart and not counted: a question that its passage does not answer, answered with a name or a number of that
passage; a true sentence in which two names change places; and one to which a clause is added. A person has to read
twice to see these."""
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_NAME = re.compile(
    r"(?<!^)(?<![.!?:“\"] )\b[A-ZÀ-Þ][\w’'-]{2,}(?: (?:of |de |du |des |the )?[A-ZÀ-Þ][\w’'-]+)*"
)
_MONTHS = {
    "en": "January February March April June July August September October November December".split(),
    "fr": "janvier février avril juin juillet août septembre octobre novembre décembre".split(),
}
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
_BE = {
    "en": re.compile(r"\b(is|was|are|were|has|have|had|will|can|could|would|should|may)\b(?! not)"),
    "fr": re.compile(r"\b(est|était|sont|étaient|fut|ont|avait|a)\b(?! pas)"),
}
_INVENTED = {
    "en": (
        "{name} will open a regional training centre for border guards next spring",
        "{name} has won the annual prize for outstanding innovation",
        "{name} cut its staff after a review by external auditors",
        "{name} bought a fleet of electric buses for its employees",
        "the head of {name} resigned for reasons of health",
        "{name} is investigating a leak of customers' passwords",
        "volunteers planted thousands of trees in the gardens of {name}",
        "{name} published a cookbook with recipes of its members",
    ),
    "fr": (
        "{name} ouvrira un centre régional de formation pour les douaniers au printemps prochain",
        "{name} a remporté le prix annuel de la meilleure innovation",
        "{name} a réduit son personnel après un audit externe",
        "{name} a acheté une flotte d'autobus électriques pour ses employés",
        "le dirigeant de {name} a démissionné pour des raisons de santé",
        "{name} enquête sur une fuite de mots de passe de ses clients",
        "des bénévoles ont planté des milliers d'arbres dans les jardins de {name}",
        "{name} a publié un livre de recettes de ses membres",
    ),
}
_ADDED = {
    "en": (
        "and its budget was cut in half",
        "which was criticised by auditors",
        "and it has won a prize",
        "but the money was stolen",
        "while others looked for shelter from the rain",
    ),
    "fr": (
        "et son budget a été réduit de moitié",
        "ce qui a été critiqué par les auditeurs",
        "et il a remporté un prix",
        "mais l'argent a été volé",
        "tandis que d'autres cherchaient un abri contre la pluie",
    ),
}
_SYNONYMS = {
    "en": {
        "signed": "concluded", "launched": "started", "emphasized": "stressed", "highlighted": "underlined",
        "assist": "help", "support": "assistance", "strengthen": "reinforce", "countering": "fighting",
        "implementation": "execution", "began": "started", "largest": "biggest", "approximately": "about",
        "however": "but", "participated": "took part", "purchased": "bought", "established": "founded",
        "located": "situated", "also": "likewise",
    },
    "fr": {
        "participé": "pris part", "souligné": "mis en avant", "soutenir": "appuyer", "renforcer": "consolider",
        "signé": "conclu", "lancé": "engagé", "mise en œuvre": "application", "également": "aussi",
        "environ": "à peu près", "situé": "implanté", "créé": "fondé", "nombreux": "beaucoup de",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence that cites one quote, and what is wrong with it, if anything."""

    kind: str
    claim: str
    language: str
    evidence: Evidence
    article: str
    source: str


def cases(folders: Sequence[Path], corpus: Path | None, seed: int) -> list[Case]:
    """True sentences and faulty ones of every folder of questions, and of the releases in `corpus`; always the same."""
    made: list[Case] = []
    for folder in folders:
        made += _asked_cases(folder, random.Random(f"{seed} {folder.name}"))
    for other in folders:
        for folder in folders:
            if folder.name == "xquad_en" and other.name.startswith("xquad_") and other != folder:
                made += _translated(folder, other)
    if corpus:
        made += _release_cases(corpus, random.Random(f"{seed} corpus"))
    return made


def _asked_cases(folder: Path, chance: random.Random) -> Iterator[Case]:
    """From questions: the statements that their answers make, each with the sentence that answers."""
    ending = folder.name.rpartition("_")[2]
    language = ending if ending in ("fr", "es", "ar", "zh") else "en"
    if language not in ("en", "fr"):
        return
    releases = _releases(folder, language)
    names = {article: _named(release.text for release in releases.values() if release.title == article)
             for article in {release.title for release in releases.values()}}  # fmt: skip
    told: dict[str, list[tuple[str, str]]] = {}
    for question in asked(folder):
        if not question.answerable:
            continue
        release = releases[question.contexts[0]]
        answer = question.answers[0] if question.answers else ""
        made = statement(question.question, answer, language)
        spans = _spans(release.text)
        holding = [span for span in spans if answer and answer in release.text[slice(*span)]]
        if not made or len(holding) != 1:
            continue
        place = spans.index(holding[0])
        quoted = _evidence(release, spans[place])
        if not _named_in(made, f"{quoted.quote} {release.title}"):
            continue
        case = partial(Case, language=language, article=release.title, source=folder.name)
        yield case(TRUE, made, evidence=quoted)
        yield from _altered(made, language, quoted, names[release.title], chance, case)
        others = [other for other, of in told.setdefault(release.title, []) if of != quoted.quote]
        if others and (borrowed := _borrowed(chance.choice(others), quoted.quote, chance)):
            yield case("fabricated", borrowed, evidence=quoted)
        told[release.title].append((made, quoted.quote))
        neighbours = [span for at, span in enumerate(spans) if 0 < abs(at - place) <= 2]
        if neighbours:
            other = _evidence(release, chance.choice(neighbours))
            yield case("misattributed", made, evidence=other)
    yield from _unanswerable(folder, language, releases, chance)


def _unanswerable(
    folder: Path, language: str, releases: dict[str, Release], chance: random.Random
) -> Iterator[Case]:
    path = folder / "queries_unanswerable.jsonl"
    if not path.exists():
        return
    for row in rows(path, id=str, text=str, context_id=str):
        release = releases.get(row["context_id"])
        if release is None:
            continue
        words = set(_WORD.findall(row["text"].casefold()))
        best = max(_spans(release.text), key=lambda span: _shared(release.text[slice(*span)], words))
        quoted = _evidence(release, best)
        offered = [*_NAME.findall(quoted.quote), *_NUMBER.findall(quoted.quote)]
        made = offered and statement(row["text"], chance.choice(offered), language)
        if made and _named_in(made, f"{quoted.quote} {release.title}"):
            yield Case(HARD[0], made, language, quoted, release.title, folder.name)


def _translated(folder: Path, other: Path) -> Iterator[Case]:
    """Statements in one language that cite the sentence of the parallel set that holds the parallel answer."""
    language = other.name[-2:]
    own, foreign = _releases(folder, "en"), _releases(other, language)
    parallel = {question.id: question for question in asked(other)}
    chance = random.Random(other.name)
    names = _named(release.text for release in own.values())
    for question in asked(folder):
        answered = parallel.get(question.id)
        if answered is None or not question.answers or not answered.answers:
            continue
        made = statement(question.question, question.answers[0], "en")
        release, english = foreign[answered.contexts[0]], own[question.contexts[0]]
        spans = _spans(release.text)
        holding = [span for span in spans if answered.answers[0] in release.text[slice(*span)]]
        if not made or len(holding) != 1:
            continue
        sentence = next(
            (s for s in _spans(english.text) if question.answers[0] in english.text[slice(*s)]), (0, 0)
        )
        if not _named_in(made, f"{english.text[slice(*sentence)]} {english.title}"):
            continue
        quoted = _evidence(release, holding[0])
        case = partial(Case, language="en", article=release.title, source=f"{folder.name} over {other.name}")
        yield case(TRUE, made, evidence=quoted)
        yield from _altered(made, "en", quoted, names, chance, case)
        others = [span for span in spans if span != holding[0]]
        if others:
            yield case("misattributed", made, evidence=_evidence(release, chance.choice(others)))


def _release_cases(corpus: Path, chance: random.Random) -> Iterator[Case]:
    """From the sentences of releases: the same in other words, and with faults."""
    from bot.language.terms import language_of

    releases = []
    for path in sorted(corpus.glob("*.txt")):
        text = path.read_text(encoding="utf-8-sig").strip()
        lines = [line for line in text.splitlines() if line.strip()]
        title = max(lines[:3], key=len) if len(lines) > 8 else path.stem.replace("-", " ")
        releases.append(
            Release(path.stem, "", path.name, "0" * 64, text, title[:200], language_of(text, "en"))
        )
    for release in releases:
        spans = [span for span in _spans(release.text) if 60 < span[1] - span[0] < 600]
        names = _named(other.text for other in releases if other.language == release.language)
        for place, span in enumerate(spans):
            quoted = _evidence(release, span)
            case = partial(Case, language=release.language, article=release.id, source="releases")
            for made in _paraphrases(quoted.quote, release.language):
                yield case(TRUE, made, evidence=quoted)
                elsewhere = release.text[slice(*chance.choice(spans))]
                plain = next(_paraphrases(elsewhere, release.language), "")
                if plain and elsewhere != quoted.quote and (new := _borrowed(plain, quoted.quote, chance)):
                    yield case("fabricated", new, evidence=quoted)
                yield from _altered(made, release.language, quoted, names, chance, case)
                other = spans[place - 1] if place else spans[-1]
                if other != span:
                    yield case("misattributed", made, evidence=_evidence(release, other))


def _paraphrases(sentence: str, language: str) -> Iterator[str]:
    """The sentence with a clause left out, with synonyms, its dates and numbers written otherwise."""
    plain = re.sub(r"[*_\\]|\[|\]\([^)]*\)|\]", "", " ".join(sentence.split()))
    plain = re.sub(r" ?\((?:https?|www)[^)]*\)", "", plain)
    if not re.match(r"[A-ZÀ-Þ]", plain) or plain.endswith(":"):
        return
    yield plain
    shorter = re.sub(
        r",? (?:which|who|including|as well as|qui|dont|ainsi que|notamment)\b[^.]*(?=\.$)", "", plain
    )
    shorter = re.sub(r" \([^)]*\)", "", shorter)
    if shorter != plain and len(shorter) > 40:
        yield shorter
    synonyms = _SYNONYMS.get(language, {})
    other = plain
    for word, instead in synonyms.items():
        other = re.sub(rf"\b{word}\b", instead, other)
    if language == "en":
        other = re.sub(r"(?<![-–\d])(?<!and )\b(\d{1,2}) ([A-Z]\w+) ((?:19|20)\d\d)\b", r"\2 \1, \3", other)
        other = re.sub(r"\b66\b", "sixty-six", other)
    if other != plain:
        yield other


def _altered(
    made: str,
    language: str,
    quoted: Evidence,
    names: Sequence[str],
    chance: random.Random,
    case: Callable[..., Case],
) -> Iterator[Case]:
    """The statement with a number, a name or a date changed, or negated, and an invented one about what it names."""
    for kind, other in (
        ("altered number", _other_number(made, quoted.quote, chance)),
        ("altered date", _other_date(made, language, quoted.quote, chance)),
        ("altered name", _other_name(made, quoted, names, chance)),
        ("negated", _negated(made, language)),
        ("fabricated", _fabricated(quoted, language, chance)),
        ("swapped", _swapped(made)),
        ("half true", f"{made.rstrip('. ')}, {chance.choice(_ADDED['fr' if language == 'fr' else 'en'])}."),
    ):
        if other and other != made:
            yield case(kind, other, evidence=quoted)


def _other_number(made: str, quote: str, chance: random.Random) -> str | None:
    found = [number for number in _NUMBER.finditer(made) if not _YEAR.fullmatch(number[0])]
    if not found:
        return None
    number = chance.choice(found)
    digits = [place for place, letter in enumerate(number[0]) if letter.isdigit()]
    place = chance.choice(digits)
    new = chance.choice([digit for digit in "123456789" if digit != number[0][place]])
    written = number[0][:place] + new + number[0][place + 1 :]
    if re.search(rf"(?<![\d.,]){re.escape(written)}(?![\d])", quote):
        return None
    return made[: number.start()] + written + made[number.end() :]


def _other_date(made: str, language: str, quote: str, chance: random.Random) -> str | None:
    months = _MONTHS.get(language, [])
    found = [month for month in months if re.search(rf"\b{month}\b", made)]
    if found and chance.random() < 0.5:
        new = chance.choice([month for month in months if month not in made and month not in quote])
        return re.sub(rf"\b{found[0]}\b", new, made, count=1)
    if year := _YEAR.search(made):
        new = str(int(year[0]) + chance.choice([-11, -3, -2, -1, 1, 2, 4, 10]))
        return None if new in quote else made.replace(year[0], new, 1)
    return None


def _other_name(made: str, quoted: Evidence, names: Sequence[str], chance: random.Random) -> str | None:
    """Another name of the same article in the place of one, that the quote and the title do not hold."""
    mentioned = [found[0] for found in _NAME.finditer(made)]
    opening = re.match(r"[A-ZÀ-Þ][\w’'-]{2,}(?: [A-ZÀ-Þ][\w’'-]+)*", made)
    if opening and re.search(rf"(?<=[\w,] ){re.escape(opening[0])}\b", quoted.quote):
        mentioned.append(opening[0])
    held = f"{quoted.quote} {quoted.release.title}".casefold()
    others = [name for name in names if not any(word.casefold() in held for word in name.split())]
    if not mentioned or not others:
        return None
    return made.replace(chance.choice(mentioned), chance.choice(others), 1)


def _negated(made: str, language: str) -> str | None:
    verb = _BE[language].search(made) if language in _BE else None
    if language == "fr":
        if not verb:
            return None
        before = "n'" if verb[0][0] in "aeéêo" else "ne "
        return f"{made[: verb.start()]}{before}{verb[0]} pas{made[verb.end() :]}"
    if verb:
        return f"{made[: verb.end()]} not{made[verb.end() :]}"
    if done := re.search(r"(?<=[a-z)] )\w{3,}ed\b", made):
        return f"{made[: done.start()]}never {made[done.start() :]}"
    return None


def _fabricated(quoted: Evidence, language: str, chance: random.Random) -> str | None:
    names = _NAME.findall(quoted.quote)
    if not names or chance.random() < 0.8:
        return None
    made = chance.choice(_INVENTED["fr" if language == "fr" else "en"]).format(name=chance.choice(names))
    return made[0].upper() + made[1:] + "."


def _borrowed(other: str, quote: str, chance: random.Random) -> str | None:
    """What another sentence of the article says, said of the names and numbers of this quote."""
    names, numbers = _NAME.findall(quote), _NUMBER.findall(quote)
    mentioned = [found[0] for found in _NAME.finditer(other)]
    if not names or len(mentioned) > 2:
        return None
    made = other
    for name in mentioned:
        made = made.replace(name, chance.choice(names))
    for number in _NUMBER.findall(other):
        if not numbers:
            return None
        made = made.replace(number, chance.choice(numbers))
    return made if made != other or not mentioned else None


def _swapped(made: str) -> str | None:
    mentioned = list(_NAME.finditer(made))
    if len(mentioned) != 2 or mentioned[0][0] == mentioned[1][0]:
        return None
    one, two = mentioned
    if re.search(r"\b(?:and|et|or|ou)\b|,", made[one.end() : two.start()]):
        return None
    return made[: one.start()] + two[0] + made[one.end() : two.start()] + one[0] + made[two.end() :]


def _releases(folder: Path, language: str) -> dict[str, Release]:
    return {
        text.id: Release(text.id, "", text.id, "0" * 64, text.text, text.title, language)
        for text in texts(folder)
    }


def _evidence(release: Release, span: tuple[int, int]) -> Evidence:
    return Evidence(release, *span, 0.9)


def _spans(text: str) -> list[tuple[int, int]]:
    return [(unit.start, unit.end) for unit in sentences(text)]


def _named(written: Iterator[str]) -> list[str]:
    return sorted({found[0] for text in written for found in _NAME.finditer(text) if len(found[0]) > 3})


def _named_in(made: str, held: str) -> bool:
    """Whether all names and numbers of the statement stand in the text: else it is not true of the quote alone."""
    words = {word.casefold() for word in _WORD.findall(held)}
    wanted = [word for found in _NAME.finditer(made) for word in _WORD.findall(found[0])]
    wanted += _NUMBER.findall(made)
    return all(word.casefold() in words or word.casefold() in held.casefold() for word in wanted)


def _shared(sentence: str, words: set[str]) -> int:
    return len(words & set(_WORD.findall(sentence.casefold())))


def sample(made: Sequence[Case], count: int, seed: int) -> list[Case]:
    """At most `count` cases of each kind, from all sources alike."""
    chance = random.Random(seed)
    by_kind: dict[tuple[str, str], list[Case]] = {}
    for case in made:
        by_kind.setdefault((case.kind, case.source), []).append(case)
    chosen: list[Case] = []
    for kind in dict.fromkeys(kind for kind, _ in by_kind):
        pools = [chance.sample(pool, len(pool)) for (own, _), pool in by_kind.items() if own == kind]
        taken: list[Case] = []
        while len(taken) < count and any(pools):
            taken += [pool.pop() for pool in pools if pool]
        chosen += taken[:count]
    return chosen


__all__ = ["HARD", "KINDS", "TRUE", "Case", "cases", "sample"]
