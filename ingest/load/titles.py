"""Which title in the properties of a document names the release, rather than the program, the file or the template."""

import re

_NOT_A_TITLE = re.compile(
    r"""(?:microsoft\ (?:word|office).*|untitled.*|sans\ titre.*|document\d*|.*\.(?:docx?|odt|rtf|pdf|indd|html?|txt)
    |(?:press|news)\ ?release|communiqu[eé]\ de\ presse|normal|template|modèle|title|titre)""",
    re.VERBOSE | re.IGNORECASE,
)


def usable(title: str | None) -> str | None:
    """The title as one line, or None where it says nothing: it has to have two words at least."""
    words = " ".join((title or "").split())
    return words if " " in words and not _NOT_A_TITLE.fullmatch(words) else None
