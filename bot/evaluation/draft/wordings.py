"""Questions that are worded in both languages, so that what is asked of a name can be asked in the other.

Nothing is translated: a name stays what it is.
"""

import re

LANGUAGES = ("en", "fr")
EXPANSION = {"en": "What does {} stand for?", "fr": "Que signifie le sigle {} ?"}
POSITION = {"en": "What is the position of {}?", "fr": "Quelle est la fonction de {} ?"}
EMAIL = {"en": "What is the e-mail address of {}?", "fr": "Quelle est l'adresse électronique de {} ?"}
AGE = {"en": "How old is {}?", "fr": "Quel est l'âge de {} ?"}
FUNDERS = {"en": "Who funds {}?", "fr": "Qui finance {} ?"}
DATES = {
    "launched": ("When was {} launched?", "Quelle est la date du lancement de {} ?"),
    "founded": ("When was {} founded?", "Quelle est la date de la fondation de {} ?"),
    "established": ("When was {} established?", "Quelle est la date de la création de {} ?"),
    "created": ("When was {} created?", "Quelle est la date de la création de {} ?"),
    "signed": ("When was {} signed?", "Quelle est la date de la signature de {} ?"),
    "adopted": ("When was {} adopted?", "Quelle est la date de l'adoption de {} ?"),
    "inaugurated": ("When was {} inaugurated?", "Quelle est la date de l'inauguration de {} ?"),
    "opened": ("When was {} opened?", "Quelle est la date de l'ouverture de {} ?"),
    "published": ("When was {} published?", "Quelle est la date de la publication de {} ?"),
    "held": ("When was {} held?", "À quelle date {} a eu lieu ?"),
    "arrested": ("When was {} arrested?", "Quelle est la date de l'arrestation de {} ?"),
    "convicted": ("When was {} convicted?", "Quelle est la date de la condamnation de {} ?"),
    "appointed": ("When was {} appointed?", "Quelle est la date de la nomination de {} ?"),
    "elected": ("When was {} elected?", "Quelle est la date de l'élection de {} ?"),
    "born": ("When was {} born?", "Quelle est la date de naissance de {} ?"),
}
PARTICIPLES = {
    "lancé": "launched", "fondé": "founded", "établi": "established", "créé": "created", "signé": "signed",
    "adopté": "adopted", "inauguré": "inaugurated", "ouvert": "opened", "publié": "published", "tenu": "held",
    "organisé": "held", "arrêté": "arrested", "condamné": "convicted", "nommé": "appointed", "élu": "elected",
    "né": "born",
}  # fmt: skip
"""English participles by the French masculine ones, to find a date's wording."""


def other_than(language: str) -> str:
    """The other of the two languages."""
    return "fr" if language == "en" else "en"


def named(name: str, language: str) -> str:
    """The name as a sentence of another language has it: in quotation marks in the place of its article."""
    bare = re.sub(r"^(?:[Tt]he |[Ll]es? |[Ll]a |[Ll]['’] ?)", "", name)
    if bare == name or " " not in bare:
        return bare
    return f"« {bare} »" if language == "fr" else f"“{bare}”"


def about(wording: str, name: str, language: str) -> str:
    """The wording of a language asked about a name of another; "" where that is no name but a phrase, or two."""
    bare = named(name, language)
    if re.search(r" (?:and|et) [A-Z]", bare) and bare[0] not in "«“":
        return ""
    return wording.replace("{}", bare) if re.match(r"[“« ]*(?:[A-ZÀ-Þ]|\d)", bare) else ""


def date_in(language: str, participle: str) -> str:
    """When something was done, asked in a language; "" without a wording.

    The participle is English, or French and masculine.
    """
    pair = DATES.get(PARTICIPLES.get(participle, participle))
    return pair[LANGUAGES.index(language)] if pair else ""
