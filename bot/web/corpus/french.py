"""The words of the corpus page in French; it holds nothing else."""

from bot.web.corpus.wording import CorpusWording

FRENCH = CorpusWording(
    language="fr",
    corpus="Corpus",
    empty="L’index ne contient encore aucun communiqué.",
    releases="Communiqués",
    one_release="1 communiqué",
    many_releases="{count} communiqués",
    releases_of="{shown} communiqués sur {total}",
    undated="{count} sans date",
    languages="Langues",
    days="Publication",
    no_days="Aucun communiqué n’indique sa date.",
    timeline="Communiqués par date de publication",
    timeline_told="{count} du {first} au {last}, surtout en {most}.",
    other_languages="autres",
    search="Chercher dans les titres, lieux, émetteurs, fichiers",
    any_language="Toutes les langues",
    any_issuer="Tous les émetteurs",
    since="Publiés à partir du",
    until="Publiés jusqu’au",
    open_row="Choisissez une ligne pour en voir plus.",
    release="Communiqué",
    release_language="Langue",
    title="Titre",
    date="Publié",
    issuer="Émetteur",
    file="Fichier",
    length="Caractères",
    open_release="Ouvrir le communiqué",
)
