"""The words of the interface, in English and French.

It holds no text of a release or an answer, and draws nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from bot.domain import Citation, DateBasis

InterfaceLanguage = Literal["en", "fr"]
LANGUAGES: tuple[InterfaceLanguage, ...] = get_args(InterfaceLanguage)


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words; `{…}` is filled in where a phrase is used."""

    language: InterfaceLanguage
    tagline: str
    greeting: str
    invitation: str
    ask: str
    reading: str
    thinking: str
    reading_mode: str
    written_mode: str
    one_release: str
    many_releases: str
    newest: str
    new_conversation: str
    conversations: str
    untitled: str
    show_all: str
    earlier_turns: str
    rename: str
    delete: str
    title: str
    save: str
    cancel: str
    confirm_delete: str
    actions: str
    interface_language: str
    sources: str
    no_date: str
    open_release: str
    changed_release: str
    missing_release: str
    superseded: str
    open_newest: str
    earlier_version: str
    other_version: str
    closest_release: str
    not_answered: str
    understood_as: str
    translation: str
    copy: str
    copied: str
    question: str
    comment: str
    comment_thanks: str
    interrupted: str
    ask_again: str
    log_in: str
    log_in_with: str
    log_in_reason: str
    log_in_embedded: str
    log_out: str
    forgotten: str
    back: str
    quoted_passage: str
    no_such_quote: str
    earlier_text: str
    later_text: str
    published: str
    place: str
    issuer: str
    release_language: str
    file: str
    original: str
    page: str
    recognised: str
    recognised_pages: str
    download: str
    indexing: str
    not_indexed: str
    loading: str
    chat: str
    corpus: str
    evaluation: str
    drafts: str
    memory_only: str
    date_known: dict[DateBasis, str]


ENGLISH = Wording(
    language="en",
    tagline="Answers from press releases, proven by quotes",
    greeting="What would you like to know?",
    invitation="Every answer quotes the press releases word for word, and each quote opens in its place.",
    ask="Ask about the press releases",
    reading="Reading the releases…",
    thinking="Writing the answer…",
    reading_mode="Reading on this machine",
    written_mode="Written by {model}, proven by quotes",
    one_release="1 release",
    many_releases="{count} releases",
    newest="newest {day}",
    new_conversation="New conversation",
    conversations="Conversations",
    untitled="Untitled",
    show_all="Show all {count}",
    earlier_turns="Show {count} earlier questions",
    rename="Rename",
    delete="Delete",
    title="Title",
    save="Save",
    cancel="Cancel",
    confirm_delete="Delete “{title}” with all its answers? This cannot be undone.",
    actions="Rename or delete",
    interface_language="Interface language",
    sources="Sources",
    no_date="no date stated",
    open_release="Open release",
    changed_release="This release has changed since it was quoted.",
    missing_release="This release is no longer in the corpus.",
    superseded="An earlier version, kept for its quotes. The newest answers in its place: “{title}”, {day}.",
    open_newest="Open the newest version",
    earlier_version="Earlier version: {title}",
    other_version="{language}: {title}",
    closest_release="Open the closest release",
    not_answered="Not answered by the releases",
    understood_as="Understood as",
    translation="Translated by machine",
    copy="Copy with sources",
    copied="Copied",
    question="Question",
    comment="What was wrong? (optional)",
    comment_thanks="Thank you.",
    interrupted="This question was interrupted before it was answered.",
    ask_again="Ask again",
    log_in="Log in",
    log_in_with="Log in with {provider}",
    log_in_reason="Your conversations are kept for you alone.",
    log_in_embedded="Open this page in a window of its own to log in.",
    log_out="Log out",
    forgotten="That conversation is no longer here. Your next question starts a new one.",
    back="Back to the conversation",
    quoted_passage="Quoted passage",
    no_such_quote="The link names a quote that is not in this release: nothing is marked.",
    earlier_text="{count} characters before this part are not shown.",
    later_text="{count} characters after this part are not shown.",
    published="Published",
    place="Place",
    issuer="Issuer",
    release_language="Language",
    file="File",
    original="Original",
    page="page {number}",
    recognised="recognised from a scan",
    recognised_pages="Recognised from a scan",
    download="Download the text",
    indexing="Reading the corpus: this happens once",
    not_indexed="These files could not be read:",
    loading="Opening the index…",
    chat="Chat",
    corpus="Corpus",
    evaluation="Evaluation",
    drafts="Draft sets",
    memory_only="Until then conversations last only as long as this server runs.",
    date_known={
        "stated": "stated in the release: “{words}”",
        "derived": "the year follows from “{words}”",
        "not before": "not stated; no earlier than the event it reports: “{words}”",
        "manifest": "stated in the corpus manifest, not in the text",
        "file": "stated beside the text, in the file",
    },
)

FRENCH = Wording(
    language="fr",
    tagline="Des réponses tirées des communiqués, citations à l’appui",
    greeting="Que souhaitez-vous savoir ?",
    invitation="Chaque réponse cite les communiqués mot pour mot, et chaque citation s’ouvre à sa place.",
    ask="Posez une question sur les communiqués",
    reading="Lecture des communiqués…",
    thinking="Rédaction de la réponse…",
    reading_mode="Lecture sur cette machine",
    written_mode="Rédigé par {model}, citations à l’appui",
    one_release="1 communiqué",
    many_releases="{count} communiqués",
    newest="le plus récent : {day}",
    new_conversation="Nouvelle conversation",
    conversations="Conversations",
    untitled="Sans titre",
    show_all="Tout afficher ({count})",
    earlier_turns="Afficher {count} questions précédentes",
    rename="Renommer",
    delete="Supprimer",
    title="Titre",
    save="Enregistrer",
    cancel="Annuler",
    confirm_delete="Supprimer « {title} » et toutes ses réponses ? C’est irréversible.",
    actions="Renommer ou supprimer",
    interface_language="Langue de l’interface",
    sources="Sources",
    no_date="date non indiquée",
    open_release="Ouvrir le communiqué",
    changed_release="Ce communiqué a changé depuis qu’il a été cité.",
    missing_release="Ce communiqué n’est plus dans le corpus.",
    superseded="Version antérieure, gardée pour ses citations. La plus récente répond à sa place : « {title} », {day}.",
    open_newest="Ouvrir la version la plus récente",
    earlier_version="Version antérieure : {title}",
    other_version="{language} : {title}",
    closest_release="Ouvrir le communiqué le plus proche",
    not_answered="Sans réponse dans les communiqués",
    understood_as="Comprise comme",
    translation="Traduction automatique",
    copy="Copier avec les sources",
    copied="Copié",
    question="Question",
    comment="Qu’est-ce qui n’allait pas ? (facultatif)",
    comment_thanks="Merci.",
    interrupted="Cette question a été interrompue avant la réponse.",
    ask_again="Reposer la question",
    log_in="Se connecter",
    log_in_with="Se connecter avec {provider}",
    log_in_reason="Vos conversations ne sont visibles que par vous.",
    log_in_embedded="Ouvrez cette page dans sa propre fenêtre pour vous connecter.",
    log_out="Se déconnecter",
    forgotten="Cette conversation n’est plus là. Votre prochaine question en ouvre une nouvelle.",
    back="Retour à la conversation",
    quoted_passage="Passage cité",
    no_such_quote="Le lien désigne une citation absente de ce communiqué : rien n’est surligné.",
    earlier_text="{count} caractères avant cette partie ne sont pas affichés.",
    later_text="{count} caractères après cette partie ne sont pas affichés.",
    published="Publié",
    place="Lieu",
    issuer="Émetteur",
    release_language="Langue",
    file="Fichier",
    original="Original",
    page="page {number}",
    recognised="reconnu sur une page numérisée",
    recognised_pages="Reconnu sur un scan",
    download="Télécharger le texte",
    indexing="Lecture du corpus : une seule fois",
    not_indexed="Ces fichiers n’ont pas pu être lus :",
    loading="Ouverture de l’index…",
    chat="Conversation",
    corpus="Corpus",
    evaluation="Évaluation",
    drafts="Questions proposées",
    memory_only="D’ici là, les conversations ne durent que tant que ce serveur fonctionne.",
    date_known={
        "stated": "indiqué dans le communiqué : « {words} »",
        "derived": "l’année se déduit de « {words} »",
        "not before": "non indiqué ; pas avant l’événement relaté : « {words} »",
        "manifest": "indiqué dans le manifeste du corpus, pas dans le texte",
        "file": "indiqué à côté du texte, dans le fichier",
    },
)


def wording(locale: str | None) -> Wording:
    """The words for a browser's locale, such as `fr-CA`; English where there are none."""
    return FRENCH if (locale or "").lower().startswith("fr") else ENGLISH


def page_of(citation: Citation, words: Wording) -> str:
    """The page of a quote, and that it was scanned; nothing where its file has no pages."""
    page = words.page.format(number=citation.page) if citation.page else ""
    return f"{page}, {words.recognised}" if citation.recognised else page


@lru_cache(maxsize=512)
def language_name(code: str, language: InterfaceLanguage) -> str:
    """The name of a language: `French`, `français`; the code itself where it has none."""
    from babel import Locale

    return str(Locale(language).languages.get(code, code))
