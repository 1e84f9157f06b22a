"""French questions about what was done: when, where, by whom, how many, how much.

A rule sees one sentence, whose subject is a name; where it is not sure, it asks nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.draft import phrases, wordings
from bot.evaluation.draft.french.patterns import patterns
from bot.evaluation.draft.french.predicates import adverbials, safe
from bot.evaluation.draft.french.subjects import is_name, plain, pronoun
from bot.evaluation.draft.proposal import Kind, Proposal
from bot.evaluation.draft.prose import Clause

_LOCATED = re.compile(
    r"(?:tenu|organisé|inauguré|né|signé|ouvert|fondé|créé|installé|basé|situé|arrêté|lancé|célébré|accueilli|adopté|"
    r"établi|implanté|construit|retrouvé|découvert|inhumé|enterré)e?s?$"
)
"""Participles that a place goes with: "marié à" is followed by a person."""
_PERIODS = re.compile(r"(?:ans?|années?|mois|jours?|semaines?|heures?|minutes?|fois|siècles?|janvier|%)\b")
_ADVERB = re.compile(r" (?:également|aussi|finalement|notamment|ensuite)\b")
_GOES_ON = re.compile(r" (?:pour|par|au|aux|dans|en|lors|à|de|du|comme)\b")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence taken apart: what its verb says of the subject, and `rest` behind it; `first`, the date in front."""

    clause: Clause
    subject: str
    first: str | None
    said: str = ""
    rest: str = ""
    participle: str = ""

    def asked(
        self, kind: Kind, form: str, facts: Sequence[str], again: str = "", other: str = ""
    ) -> Proposal:
        """A question about the subject, which stands for {} in the form; `again` is the pronoun for it."""
        return Proposal(
            release=self.clause.release,
            kind=kind,
            form=form,
            facts=tuple(facts),
            start=self.clause.start,
            end=self.clause.end,
            subject=self.subject,
            pronoun=again,
            other=wordings.about(other, self.subject, "en"),
            language="fr",
        )


def things_done(clause: Clause) -> Iterator[Proposal]:
    """The questions about what the subject of a sentence did, or what was done to it."""
    yield from _counted_subject(clause)
    found = patterns().sentence.match(clause.text)
    if not found or not is_name(found["subject"], clause):
        return
    for pattern, rules in (
        (patterns().passive, (_when_done, _where, _by_whom)),
        (patterns().active, (_when, _who, _how_much, _how_many)),
        (patterns().present, (_how_many,)),
    ):
        if verb := pattern.match(found["predicate"]):
            participle = verb["participle"] if "participle" in verb.groupdict() else ""
            subject = plain(found["subject"])
            sentence = _Sentence(clause, subject, found["first"], verb["said"], verb["rest"], participle)
            for rule in rules:
                yield from rule(sentence)
            return


def events(clause: Clause) -> Iterator[Proposal]:
    """When and where what a sentence names was held: "le forum, tenu le 3 mai à Fès"."""
    for found in patterns().event.finditer(clause.quote):
        sentence = _Sentence(clause, plain(found["subject"]), None)
        date, place = adverbials(clause.quote[found.end() :])
        if date:
            other = wordings.date_in("en", "held")
            yield sentence.asked("date", "Quand est-ce que {} a eu lieu ?", [date], other=other)
        if place:
            yield sentence.asked("place", "Où est-ce que {} a eu lieu ?", [place])


def _when_done(sentence: _Sentence) -> Iterator[Proposal]:
    said, first = sentence.said, sentence.first
    again = pronoun(sentence.participle)
    more = safe(sentence.rest)
    if first and _GOES_ON.match(more):
        yield sentence.asked("date", f"Quand est-ce que {{}} {said}{more} ?", [first], again)
    date = adverbials(sentence.rest)[0] or first
    if date:
        masculine = re.sub(r"(?<=[éiut])e?s?$", "", sentence.participle)
        other = wordings.date_in("en", masculine) if len(said.split()) == 3 else ""
        yield sentence.asked("date", f"Quand est-ce que {{}} {said} ?", [date], again, other)


def _where(sentence: _Sentence) -> Iterator[Proposal]:
    place = adverbials(sentence.rest)[1]
    if place and _LOCATED.match(sentence.participle):
        form = f"Où est-ce que {{}} {sentence.said} ?"
        yield sentence.asked("place", form, [place], pronoun(sentence.participle))


def _by_whom(sentence: _Sentence) -> Iterator[Proposal]:
    if agents := patterns().agent.match(sentence.rest):
        names = phrases.items(agents["agents"], "fr")
        form = f"Par qui est-ce que {{}} {sentence.said} ?"
        yield sentence.asked("who", form, names, pronoun(sentence.participle))


def _when(sentence: _Sentence) -> Iterator[Proposal]:
    whole = safe(sentence.rest)
    trailing = patterns().trailing.fullmatch(whole)
    before = trailing["before"] if trailing else whole
    date = sentence.first or (trailing["date"] if trailing else "")
    if not date and re.search(r"aujourd['’]hui|ce jour", sentence.rest[: len(whole) + 14]):
        date = sentence.clause.day
    # Another participle may be what happened then.
    simple = sentence.first or not re.search(r" [a-zà-ÿ]+ée?s? ", f"{before} ")
    if date and simple and before.strip() and not re.search(r"\b(?:19|20)\d\d\b", before):
        yield sentence.asked("date", f"Quand est-ce que {{}} {sentence.said}{before} ?", [date])


def _who(sentence: _Sentence) -> Iterator[Proposal]:
    """Who did it, where what was done is told by names enough to know it again."""
    whole = safe(sentence.rest)
    named = len(re.findall(r"\b[A-ZÀ-Þ]\w|\d", whole)) >= 2
    if not named or " et " in sentence.subject or re.match(r" (?:lieu|été)\b", whole):
        return
    said = _ADVERB.sub("", sentence.said).replace("ont ", "a ", 1).replace("avaient ", "avait ", 1)
    fact = re.sub(rf"^{phrases.ARTICLE['fr']}", "", sentence.subject)
    clause = sentence.clause
    form = f"Qui {said}{whole} ?"
    yield Proposal(clause.release, "who", form, (fact,), clause.start, clause.end, language="fr")


def _how_much(sentence: _Sentence) -> Iterator[Proposal]:
    found = patterns().sum.match(sentence.rest)
    if found and sentence.said.startswith(("a ", "ont ")):
        said = re.sub(r"(?<=é)$", "e", sentence.said)  # agrees with "somme"
        yield sentence.asked("amount", f"Quelle somme est-ce que {{}} {said} ?", [found["sum"].strip()])


def _how_many(sentence: _Sentence) -> Iterator[Proposal]:
    found = patterns().number.match(sentence.rest)
    if not found or _PERIODS.match(found["noun"]) or re.fullmatch(r"(?:19|20)\d\d", found["number"]):
        return
    if sentence.participle and not found["preposition"]:
        return  # it would have to agree with what is counted
    front = f"{(found['preposition'] or '').strip()} combien {_of(found['noun'])}".strip()
    yield sentence.asked("number", f"{front} est-ce que {{}} {sentence.said} ?", [found["number"]])


def _counted_subject(clause: Clause) -> Iterator[Proposal]:
    """How many did something, where the sentence begins with their number."""
    found = patterns().counted.match(clause.text)
    if found and not _PERIODS.match(found["noun"]) and (said := safe(f" {found['predicate']}")):
        form = f"Combien {_of(found['noun'])}{said} ?"
        yield Proposal(
            clause.release, "number", form, (found["number"],), clause.start, clause.end, language="fr"
        )


def _of(noun: str) -> str:
    return f"d'{noun}" if re.match(r"[aeiouyéèêàîhAEIOUÉ]", noun) else f"de {noun}"
