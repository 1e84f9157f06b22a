"""The words of the team's pages in each language; it holds none itself."""

from bot.web.evaluation.english import ENGLISH
from bot.web.evaluation.french import FRENCH
from bot.web.evaluation.wording import TeamWording
from bot.web.wording import InterfaceLanguage


def team_wording(language: InterfaceLanguage) -> TeamWording:
    """The words in the language of the interface."""
    return FRENCH if language == "fr" else ENGLISH
