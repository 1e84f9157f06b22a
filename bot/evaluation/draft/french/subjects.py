"""French subjects: whether a name tells what is asked about, how a question writes it, and its pronoun.

It knows no verb.
"""

import re

from bot.evaluation.draft import phrases
from bot.evaluation.draft.prose import Clause
from bot.language.terms import fold

_NO_NAME = frozenset(
    "ce cet cette ces il elle ils elles on nous vous je son sa ses leur leurs dans en au aux pour par avec selon lors "
    "depuis apres avant pendant afin ainsi mais or donc car si comme quand lorsque enfin aussi toutefois cependant un "
    "une des plusieurs certains certaines chaque tous toutes autre autres notre votre mon qui que dont ou a puis ici "
    "alors suite grace face malgre outre sans sous sur jusqu".split()
)
"""Words that begin a sentence with a capital and no name with it."""


def pronoun(participle: str) -> str:
    """The pronoun with which a participle agrees."""
    feminine = participle.rstrip("s").endswith("e")
    return ("elle" if feminine else "il") + ("s" if participle.endswith("s") else "")


def is_name(subject: str, clause: Clause) -> bool:
    """Whether the words are a name by which what is asked about can be known again."""
    bare = re.sub(rf"^{phrases.ARTICLE['fr']}", "", subject)
    words = bare.split()
    if not words or {fold(words[0]).strip(",."), fold(subject.split()[0])} & _NO_NAME:
        return False
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) == 1 and bare == subject and not re.match(r"[A-Z]{2}", capitals[0]):
        return not re.search(rf"\b{re.escape(capitals[0].lower())}\b", clause.release.text)
    return bool(capitals)


def plain(subject: str) -> str:
    """The name without its acronym in brackets, with a small article."""
    bare = re.sub(r" \([^()]*\)", "", subject).strip()
    return re.sub(r"^(?:Les?\b|La\b|L['’])", lambda article: article[0].lower(), bare)
