"""The words of the corpus page in each language; it holds none itself."""

from bot.web.corpus.english import ENGLISH
from bot.web.corpus.french import FRENCH
from bot.web.corpus.wording import CorpusWording
from bot.web.wording import InterfaceLanguage


def corpus_wording(language: InterfaceLanguage) -> CorpusWording:
    """The words in the language of the interface."""
    return FRENCH if language == "fr" else ENGLISH
