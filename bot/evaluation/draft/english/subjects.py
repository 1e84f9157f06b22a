"""English subjects: whether a name tells what is asked about, how a question writes it, and its pronoun.

It knows no verb.
"""

import re

from bot.evaluation.draft.nouns import names_thing
from bot.evaluation.draft.prose import Clause
from bot.evaluation.draft.roles import is_given

_NO_NAME = frozenset(
    "in on at during this these those that he she they it we our his her their its as according under for from with "
    "by to after before since also additionally however finally both each all some today when while if although "
    "because a an there such other another many most several no not none what who one todays yesterdays "
    "currently".split()
)
"""Words that begin a sentence with a capital and no name with it."""
_RELATIVE = re.compile(r"(?:[Tt]he )?(?:last|next|previous|upcoming|recent|current|same|said|two|three)\b")


def is_name(subject: str, clause: Clause) -> bool:
    """Whether the words are a name by which what is asked about can be known again."""
    words = subject.split()
    bare = words[1:] if words[0] in ("The", "the") else words
    if not bare or _RELATIVE.match(subject) or re.search(r"['’]s?$", words[-1]):
        return False
    if words[0].lower() in _NO_NAME or bare[0].rstrip(",.").lower() in _NO_NAME:
        return False
    capitals = [word for word in bare if word[0].isupper()]
    if len(capitals) == 1 and not re.match(r"[A-Z]{2}", capitals[0]):
        # "The Programme" points back, and "Restitution" has its capital from the sentence.
        common = re.search(rf"\b{re.escape(capitals[0].lower())}\b", clause.release.text)
        return words[0] not in ("The", "the") and not common
    return True


def plain(subject: str) -> str:
    """The name without its acronym in brackets, with a small article."""
    return re.sub(r"^The\b", "the", re.sub(r" \([^()]*\)", "", subject).strip())


def full(subject: str, clause: Clause) -> str:
    """The surname of a person with the names before it, where the release gives them and no other ones."""
    if not re.fullmatch(r"[A-Z][a-z’'-]+", subject):
        return subject
    named = re.findall(rf"((?:(?:[A-Z][\w’'-]+|[A-Z]\.) ){{1,3}}){subject}\b", clause.release.text)
    found = {name for name in named if is_given(name.split()[0])}
    return f"{found.pop()}{subject}" if len(found) == 1 else subject


def pronoun(subject: str, predicate: str) -> str:
    """What names the subject again; "" where that is not sure."""
    if title := re.match(r"(?:H\. ?E\. )?(Mr|Mrs|Ms)\.", subject):
        return "he" if title[1] == "Mr" else "she"
    if not names_thing(subject):
        return ""
    plural = re.match(r"(?:were|are|have) ", predicate)
    one = re.match(r"(?:was|is|has) ", predicate)
    return "they" if plural or (not one and " and " in subject) else "it"


def is_plural(subject: str) -> bool:
    """Whether the word that a phrase hangs on looks like a plural: "the regional conferences on trade"."""
    head = re.split(r" (?:of|on|for|in|between|to|against)\b", subject)[0].split()[-1]
    return re.search(r"[^s]s$", head) is not None
