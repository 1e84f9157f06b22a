"""English questions about what was done: when, where, by whom, how many, how much.

A rule sees one sentence, whose subject is a name and whose verb is known; where it is not sure, it asks nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.draft import phrases, wordings
from bot.evaluation.draft.english.patterns import YEAR, patterns
from bot.evaluation.draft.english.predicates import adverbials, bare, is_simple, rest_of, safe, stops_before
from bot.evaluation.draft.english.subjects import full, is_name, is_plural, plain, pronoun
from bot.evaluation.draft.english.verbs import asked_of, of_one, participles
from bot.evaluation.draft.nouns import names_nobody
from bot.evaluation.draft.proposal import Kind, Proposal
from bot.evaluation.draft.prose import Clause
from bot.evaluation.draft.roles import person_in

_PASSIVE = re.compile(r"(?:was|were|will be|is|are|has been|have been) (?:[a-z]+ly )?[a-z-]+")
_PLACED = re.compile(
    r"(?P<be>was|were|will be|is|are) (?:\w+ly )?(?P<verb>held|born|arrested|opened|inaugurated|signed|founded|based|"
    r"headquartered|located|launched|adopted|convened|hosted|found|organi[sz]ed|established)(?P<rest>.*)"
)
_BY = re.compile(
    r"(?P<be>was|were|is|are|has been|have been|will be) (?:[a-z]+ly )?(?P<verb>[a-z-]+)(?= by )"
)
_FUNDED = frozenset({"funded", "co-funded", "financed"})
_UNFINISHED = re.compile(
    r"\b(?:a|an|the|than|of|and|is|was|were|are|be|by|with|from|its|their|his|her|for|in|to|at|on|between|over|"
    r"\w+ing)$"
)
"""Ends of what stands before a sum, behind which no question can break off."""
_PERIOD = re.compile(r"(?:years?|months?|days?|weeks?|hours?|minutes?|percent|times?)$")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence taken apart; `whole` is its predicate as far as it is one clause, `first` the date in front."""

    clause: Clause
    subject: str
    predicate: str
    whole: str
    first: str | None

    def asked(self, kind: Kind, form: str, facts: Sequence[str], other: str = "") -> Proposal:
        """A question about the subject, which stands for {} in the form."""
        return Proposal(
            release=self.clause.release,
            kind=kind,
            form=form,
            facts=tuple(facts),
            start=self.clause.start,
            end=self.clause.end,
            subject=self.subject,
            pronoun=pronoun(self.subject, self.predicate),
            other=wordings.about(other, self.subject, "fr"),
        )


def things_done(clause: Clause) -> Iterator[Proposal]:
    """The questions about what the subject of a sentence did, or what was done to it."""
    yield from _counted_subject(clause)
    found = patterns().sentence.match(clause.text)
    if not found or not is_name(found["subject"], clause):
        return
    whole = safe(found["predicate"])
    if whole and asked_of(whole):
        plural = re.match(r"(?:were|are|have) ", whole)
        subject = plain(found["subject"]) if plural else full(plain(found["subject"]), clause)
        sentence = _Sentence(clause, subject, found["predicate"], whole, found["first"])
        for rule in (_when, _where, _by_whom, _how_many, _how_much, _who):
            yield from rule(sentence)


def events(clause: Clause) -> Iterator[Proposal]:
    """When and where what a sentence names was held: "the forum, held on 3 May in Fes"."""
    for found in patterns().event.finditer(clause.quote):
        subject = plain(found["subject"])
        if not re.search(r"[A-ZÀ-Þ]", subject[4:]) or not is_name(subject, clause):
            continue
        if found["held"] != "will be" and is_plural(subject):
            continue
        to_come = found["held"] in ("will be", "is to be", "to be")
        held = "will {} be held?" if to_come else "was {} held?"
        sentence = _Sentence(clause, subject, f"{found['held'] or 'was'} held", "", None)
        date, place = adverbials(clause.quote[found.end() :])
        if date:
            other = "" if to_come else wordings.date_in("fr", "held")
            yield sentence.asked("date", f"When {held}", [date], other)
        if place:
            yield sentence.asked("place", f"Where {held}", [place])


def _when(sentence: _Sentence) -> Iterator[Proposal]:
    """The date stands in front, right behind a participle, at the end of the clause, or is that of the dateline."""
    predicate, whole = sentence.predicate, sentence.whole
    date, said = sentence.first, whole
    if sentence.clause.day and re.search(r"\btoday\b", predicate[: len(whole) + 7]):
        date = sentence.clause.day
    if not date:
        found = patterns().date.search(predicate)
        if not found or found.start() > len(whole):
            return
        said = predicate[: found.start()]
        is_passive = _PASSIVE.fullmatch(patterns().place.sub("", said))
        is_last = found.end() <= len(whole) + 1 and re.match(r"[,.;]|$", predicate[found.end() :])
        if not is_passive and not (is_last and is_simple(said)):
            return
        date = found["date"]
    said = bare(said)
    form = asked_of(said)
    if form and not re.search(YEAR, said) and not re.match(r"(?:has|have) ", said):
        passive = re.fullmatch(r"(?:was|were) (\w+)", said)
        yield sentence.asked(
            "date", f"When {form}?", [date], wordings.date_in("fr", passive[1]) if passive else ""
        )


def _where(sentence: _Sentence) -> Iterator[Proposal]:
    found = _PLACED.match(sentence.predicate)
    place = adverbials(found["rest"])[1] if found else ""
    if found and place:
        auxiliary, _, be = found["be"].partition(" ")
        done = f"{be} {found['verb']}".strip()
        yield sentence.asked("place", f"Where {auxiliary} {{}} {done}?", [place])


def _by_whom(sentence: _Sentence) -> Iterator[Proposal]:
    found = _BY.match(sentence.predicate)
    if not found or (found["verb"] not in participles() and found["verb"] not in _FUNDED):
        return
    agents = patterns().agent.match(sentence.predicate, found.end())
    names = [plain(each) for each in phrases.items(agents["agents"], "en")] if agents else []
    if found["verb"] in _FUNDED:
        yield sentence.asked("who", wordings.FUNDERS["en"], names, wordings.FUNDERS["fr"])
    else:
        auxiliary, _, rest = found.group().partition(" ")
        yield sentence.asked("who", f"By whom {auxiliary} {{}} {rest}?", names)


def _how_many(sentence: _Sentence) -> Iterator[Proposal]:
    found = patterns().number.search(sentence.predicate)
    if (
        not found
        or re.fullmatch(YEAR, found["number"])
        or found["noun"].split()[0] in ("and", "or", "to", "of")
    ):
        return
    said = sentence.predicate[: found.start()]
    if stops_before(said) or re.search(r"[A-Z][\w.]*$", said) or found["number"] == "1":
        return  # a number after a name is its own: "Area 1", "June 3"
    preposition = re.search(r" (to|by|with|from|for)$", said)
    said = said[: preposition.start()] if preposition else said
    form = asked_of(said)
    if form is None or re.search(
        r"\b(?:a|an|the|than|of|and|in|on|is|was|were|are|be|its|their|his|her)$", said
    ):
        return
    counted = (
        f"ow many {found['noun']}{found['term'] or ''} {form}{rest_of(sentence.predicate[found.end() :])}?"
    )
    front = f"{preposition[1].capitalize()} h" if preposition else "H"
    yield sentence.asked("number", f"{front}{counted}", [found["number"]])


def _how_much(sentence: _Sentence) -> Iterator[Proposal]:
    for front, pattern in (("How large a", patterns().worth), ("How much", patterns().sum)):
        found = pattern.search(sentence.predicate)
        said = sentence.predicate[: found.start()] if found else ""
        form = None if not found or stops_before(said) or _UNFINISHED.search(said) else asked_of(said)
        if found and form:
            noun = f" {found['noun']}" if "noun" in found.groupdict() else ""
            rest = rest_of(sentence.predicate[found.end() :])
            yield sentence.asked("amount", f"{front}{noun} {form}{rest}?", [found["sum"]])
            return


def _who(sentence: _Sentence) -> Iterator[Proposal]:
    """Who did it, where what was done is told by names enough to know it again."""
    said = of_one(bare(sentence.whole))
    if said is None or len(re.findall(r"(?<!^)\b[A-ZÀ-Þ]\w|\d", said)) < 2 or " and " in sentence.subject:
        return
    if re.match(r"(?:was|is|will be|has been|would|could|may|can|should|must)\b", said):
        return
    if names_nobody(sentence.subject):
        return
    if pointing := re.search(r" (?:for|in|with|to|on|at|through|during) (?:its|their|his|her)\b", said):
        said = said[: pointing.start()]
    clause = sentence.clause
    fact = person_in(sentence.subject)
    yield Proposal(clause.release, "who", f"Who {said}?", (fact,), clause.start, clause.end)


def _counted_subject(clause: Clause) -> Iterator[Proposal]:
    """How many did something, where the sentence begins with their number."""
    found = patterns().counted.match(clause.text)
    if not found or found["noun"].split()[0] in ("of", "and", "to", "or") or _PERIOD.match(found["noun"]):
        return
    said = safe(found["predicate"])
    if said and not re.fullmatch(YEAR, found["number"]):
        form = f"How many {found['noun']} {bare(said)}?"
        yield Proposal(clause.release, "number", form, (found["number"],), clause.start, clause.end)
