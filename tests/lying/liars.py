"""Chat models that lie, each in its own way: from the prompt that one is given, what it writes.

Their lies are made from the evidence, so that all but one thing is right. They do not know what becomes of it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.lying.prompted import Prompt

_QUOTE = re.compile(r'<quote number="(\d+)">\n(.*?)\n</quote>', re.DOTALL)
_STOP = re.compile(r"[.!?…]\s*$")
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][a-zà-ÿ]{3,}")
_MONTH = re.compile(
    "January|February|March|April|May|June|July|August|September|October|November|December|janvier|février|mars|"
    "avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_VERB = re.compile(r"\b(is|was|were|are|has|will|est|a été|a|ont|sont)\b")


@dataclass(frozen=True)
class Lie:
    """What a model writes, and the words of it that nobody may be shown."""

    text: str
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a model is asked, as a liar takes it: the first evidence without its stop, in words for `language`."""

    prompt: Prompt
    language: str

    @property
    def truth(self) -> str:
        """The best evidence, in one line and without its stop."""
        return _STOP.sub("", " ".join(next(iter(self.prompt.evidence.values())).split()))

    @property
    def piece(self) -> str:
        """Some words out of the middle of it, as one quotes them."""
        words = self.truth.split()
        return " ".join(words[2:10])

    def in_words(self, english: str, french: str) -> str:
        return french if self.language == "fr" else english


Liar = Callable[[Told], Lie]


def tell(liar: Liar, prompt: Prompt, language: str) -> Lie:
    """The lie of a model; asked to translate or to complete a question, every liar brings in Peru and 4711 dollars."""
    if quotes := _QUOTE.findall(prompt.data):
        lie = {number: f"{quote} Peru gave 4711 dollars." for number, quote in quotes}
        return Lie(json.dumps(lie), ("Peru", "4711"))
    if not prompt.evidence:
        return Lie("Did Peru give 4711 dollars?", ("Peru", "4711"))
    return liar(Told(prompt, language))


# Citations


def cites_what_does_not_exist(told: Told) -> Lie:
    return Lie(f"{told.truth} [{len(told.prompt.evidence) + 1}]. {told.truth} [99][0].")


def cites_another_source(told: Told) -> Lie:
    *_, last = told.prompt.evidence
    other = told.in_words("Nasser Bourita opened it in Rabat", "Nasser Bourita l'a ouvert à Rabat")
    return Lie(f"{told.truth} [{last}]. {other} [1].", (() if "Bourita" in told.truth else ("Bourita",)))


def cites_nothing(told: Told) -> Lie:
    said = told.in_words("It stands in a glass tower by the river", "Il se trouve dans une tour de verre")
    return Lie(f"{said}.", ("glass tower", "tour de verre"))


def cites_without_text(told: Told) -> Lie:
    return Lie("[1] [1][2]. [1]")


def lists_its_sources(told: Told) -> Lie:
    return Lie(
        f"{told.truth} [1].\n\nSources:\n[1] A newspaper of 1999\n[2] Peru", ("newspaper", "Peru", "Sources")
    )


# Quotes


def invents_a_quote(told: Told) -> Lie:
    words = told.in_words("We will double our gift by next summer", "Nous doublerons notre don dès l'été")
    said = told.in_words("The minister said", "Le ministre a dit")
    return Lie(f"{said}: “{words}” [1].", ("double our gift", "doublerons"))


def changes_a_word_of_a_quote(told: Told) -> Lie:
    words = told.piece.split()
    words[len(words) // 2] = told.in_words("reluctantly", "malgré lui")
    said = told.in_words("The release says", "Le communiqué dit")
    return Lie(f"{said}: “{' '.join(words)}” [1].", ("reluctantly", "malgré lui"))


def gives_a_quote_to_another(told: Told) -> Lie:
    said = told.in_words("said Ms. Ingrid Solberg", "a dit Mme Ingrid Solberg")
    return Lie(f"“{told.piece}”, {said} [1].", ("Solberg",))


def quotes_rightly_and_counts_wrongly(told: Told) -> Lie:
    counted = told.in_words("In all 4711 countries", "Dans les 4711 pays")
    return Lie(f"{counted}: “{told.piece}” [1].", ("4711",))


# Numbers, names and dates


def changes_a_number(told: Told) -> Lie:
    changed = re.sub(r"\d+", lambda found: str(int(found.group()) + 36), told.truth)
    if changed == told.truth:
        changed += told.in_words(" with 37 partners", " avec 37 partenaires")
    return Lie(f"{changed} [1].", (changed,))


def counts_in_words(told: Told) -> Lie:
    added = told.in_words(", for the ninety-seventh time", ", pour la quatre-vingt-dix-septième fois")
    return Lie(f"{told.truth}{added} [1].", ("ninety", "quatre-vingt"))


def rounds_to_millions(told: Told) -> Lie:
    added = told.in_words(", for 3 million dollars", ", pour 3 millions de dollars")
    return Lie(f"{told.truth}{added} [1].", ("3 million",))


def changes_a_name(told: Told) -> Lie:
    country = told.in_words("Peru", "Pérou")
    changed = _NAME.sub(country, told.truth, count=1)
    if changed == told.truth:
        changed += told.in_words(", and Peru does too", ", et le Pérou aussi")
    return Lie(f"{changed} [1].", ("Peru", "Pérou"))


def opens_with_a_wrong_name(told: Told) -> Lie:
    said = told.in_words("Slovenia decided it", "Slovénie en a décidé ainsi")
    return Lie(f"{said} [1].", ("Slovenia", "Slovénie"))


def names_who_stands_elsewhere(told: Told) -> Lie:
    name = "Tanja Pacifico" if "Pacifico" not in told.truth else "Edmund Fitton-Brown"
    said = told.in_words(f", according to {name}", f", selon {name}")
    return Lie(f"{told.truth}{said} [1].", (name,))


def invents_an_acronym(told: Told) -> Lie:
    return Lie(f"{told.truth} (QZXV) [1].", ("QZXV",))


def changes_a_month(told: Told) -> Lie:
    month = told.in_words("October", "octobre")
    changed = _MONTH.sub(month, told.truth)
    if changed == told.truth:
        changed += told.in_words(" since October", " depuis octobre")
    return Lie(f"{changed} [1].", () if month in told.truth else (month,))


def changes_a_year(told: Told) -> Lie:
    changed = re.sub(r"\b(?:19|20)\d\d\b", "1987", told.truth)
    if changed == told.truth:
        changed += told.in_words(" since 1987", " depuis 1987")
    return Lie(f"{changed} [1].", ("1987",))


def adds_a_day(told: Told) -> Lie:
    added = told.in_words(", on 29 February 2020", ", le 29 février 2020")
    return Lie(f"{told.truth}{added} [1].", ("29 February", "29 février"))


# Sense


def denies_in_front(told: Told) -> Lie:
    denied = told.in_words("It is not true that", "Il est faux que")
    return Lie(f"{denied} {told.truth} [1].", (denied,))


def denies_within(told: Told) -> Lie:
    denied = told.in_words("not", "jamais")
    changed = _VERB.sub(rf"\1 {denied}", told.truth, count=1)
    if changed == told.truth:
        return denies_in_front(told)
    return Lie(f"{changed} [1].", (changed,))


def adds_a_half_truth(told: Told) -> Lie:
    added = told.in_words(", and its budget was cut in half", ", et son budget a été réduit de moitié")
    return Lie(f"{told.truth}{added} [1].", (added,))


def knows_better(told: Told) -> Lie:
    said = told.in_words(
        "It has often been accused of wasting money", "On lui reproche souvent de gaspiller l'argent"
    )
    return Lie(f"{told.truth} [1]. {said} [1].", (said,))


def praises(told: Told) -> Lie:
    said = told.in_words(
        "This is by far the best idea in the world", "C'est de loin la meilleure idée du monde"
    )
    return Lie(f"{said} [1].", (said,))


# Other things than an answer


def refuses(told: Told) -> Lie:
    said = told.in_words("I'm sorry, but I cannot help with that", "Désolé, je ne peux pas vous aider")
    return Lie(f"{said}.", (said,))


def refuses_with_a_citation(told: Told) -> Lie:
    said = told.in_words("I'm sorry, but I cannot help with that", "Désolé, je ne peux pas vous aider")
    return Lie(f"{said} [1].", (said,))


def has_no_answer(told: Told) -> Lie:
    return Lie("NO_ANSWER", ("NO_ANSWER",))


def has_no_answer_but_talks(told: Told) -> Lie:
    return Lie(f"NO_ANSWER. NO_ANSWER [1]. {told.truth} NO_ANSWER [1].", ("NO_ANSWER",))


def repeats_its_instructions(told: Told) -> Lie:
    return Lie(
        f"{told.prompt.instructions} [1]",
        ("about an organisation's press releases", "numbers of the evidence"),
    )


def greets_and_takes_leave(told: Told) -> Lie:
    return Lie(
        f"Sure! Here is the answer:\n\n{told.truth} [1].\n\nLet me know if you need anything else!",
        ("Sure!", "Here is the answer", "Let me know"),
    )


def asks_back(told: Told) -> Lie:
    said = told.in_words("Which programme do you mean", "De quel programme parlez-vous")
    return Lie(f"{said}?", (said,))


def answers_in_another_language(told: Told) -> Lie:
    said = told.in_words(
        "Es gibt dafür mehrere Geldgeber, und das steht so in der Mitteilung",
        "There are several donors for it, and that is what the release says",
    )
    return Lie(f"{said} [1].", (said,))


def changes_the_language_midway(told: Told) -> Lie:
    said = "Además hay otros muchos donantes que no se nombran aquí"
    return Lie(f"{told.truth} [1]. {said} [1].", (said,))


def says_it_five_times(told: Told) -> Lie:
    return Lie(" ".join([f"{told.truth} [1]."] * 5), (f"{told.truth} [1]. {told.truth}",))


# Thoughts


def thinks_aloud(told: Told) -> Lie:
    return Lie(
        f"<think>\nThe user is a glass tower. {told.truth} [1].\n</think>\n\n{told.truth} [1].",
        ("think", "glass tower"),
    )


def thinks_and_never_answers(told: Told) -> Lie:
    return Lie(f"<think>\n{told.truth} [1]. I should say so, but", ("<think", "‹think", "I should say so"))


def thinks_without_an_opening(told: Told) -> Lie:
    return Lie(f"The user wants a glass tower [1].\n</think>\n\n{told.truth} [1].", ("think", "glass tower"))


def thinks_in_channels(told: Told) -> Lie:
    return Lie(
        f"<|channel|>analysis<|message|>A glass tower [1].<|end|><|channel|>final<|message|>{told.truth} [1].",
        ("channel", "glass tower"),
    )


# Forms


def writes_a_table(told: Told) -> Lie:
    return Lie(
        f"| who | what |\n| --- | --- |\n| Peru | 4711 [1] |\n\n{told.truth} [1].", ("Peru", "4711", "---")
    )


def writes_a_list(told: Told) -> Lie:
    return Lie(f"They are:\n\n- {told.truth} [1]\n- Peru [1]\n* 4711 others", ("Peru", "4711"))


def writes_headings(told: Told) -> Lie:
    return Lie(f"# Answer\n\n## 1. Peru\n\n**{told.truth}** [1].", ("Peru", "# Answer", "**"))


def writes_code(told: Told) -> Lie:
    return Lie(f"```text\n{told.truth} [1].\n```\n`Peru` [1]", ("```", "Peru"))


def writes_json(told: Told) -> Lie:
    lie = json.dumps({"answer": f"{told.truth} and Peru", "citations": [1]})
    return Lie(lie, ("Peru", '"answer"'))


def writes_html(told: Told) -> Lie:
    return Lie(f"<p><b>{told.truth}</b> [1]</p><img src=x> [1]", ("<p>", "<b>", "<img"))


def writes_links(told: Told) -> Lie:
    return Lie(
        f"{told.truth} [1](https://leak.example/a). See [here](https://leak.example/b) [1].",
        ("leak.example",),
    )


def writes_control_characters(told: Told) -> Lie:
    return Lie(f"\x1b[31m{told.truth}\x1b[0m\u202e\x00 [1].", ("\x1b", "\u202e", "\x00"))


def writes_blank_lines(told: Told) -> Lie:
    return Lie("\n \n" * 500)


def _marks(mark: str) -> Liar:
    """A model that writes its marks in a form of its own, once for what is true and once for what is not."""

    def liar(told: Told) -> Lie:
        return Lie(f"{told.truth}{mark}. Peru pays 4711 dollars{mark}.", ("Peru", "4711"))

    return liar


_FORMS = (
    " [1, 1]; [1-3]; [1–2]; [1][1];【1】; 【1†source】;¹;⁽¹⁾; [^1]; (1); [[1]]; [source 1]; [1](#1)".split(
        ";"
    )
)
"""How chat models write the mark [1]."""

LIARS: dict[str, Liar] = {
    **{
        liar.__name__.replace("_", " "): liar
        for liar in (
            *(
                cites_what_does_not_exist,
                cites_another_source,
                cites_nothing,
                cites_without_text,
                lists_its_sources,
            ),
            *(invents_a_quote, changes_a_word_of_a_quote, gives_a_quote_to_another),
            *(quotes_rightly_and_counts_wrongly, changes_a_number, counts_in_words, rounds_to_millions),
            *(changes_a_name, opens_with_a_wrong_name, names_who_stands_elsewhere, invents_an_acronym),
            *(changes_a_month, changes_a_year, adds_a_day),
            *(denies_in_front, denies_within, adds_a_half_truth, knows_better, praises),
            *(
                refuses,
                refuses_with_a_citation,
                has_no_answer,
                has_no_answer_but_talks,
                repeats_its_instructions,
            ),
            *(greets_and_takes_leave, asks_back, answers_in_another_language, changes_the_language_midway),
            *(says_it_five_times, thinks_aloud, thinks_and_never_answers, thinks_without_an_opening),
            *(thinks_in_channels, writes_a_table, writes_a_list, writes_headings, writes_code, writes_json),
            *(writes_html, writes_links, writes_control_characters, writes_blank_lines),
        )
    },
    **{f"marks as{form}": _marks(form) for form in _FORMS},
}
"""Every liar by its name."""


def tells_the_truth(told: Told) -> Lie:
    """The control: what it writes is the evidence itself, and is shown."""
    return Lie(f"{told.truth} [1].")
