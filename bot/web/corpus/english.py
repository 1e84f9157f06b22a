"""The words of the corpus page in English; it holds nothing else."""

from bot.web.corpus.wording import CorpusWording

ENGLISH = CorpusWording(
    language="en",
    corpus="Corpus",
    empty="There is no release in the index yet.",
    releases="Releases",
    one_release="1 release",
    many_releases="{count} releases",
    releases_of="{shown} of {total} releases",
    undated="{count} without a day",
    languages="Languages",
    days="Published",
    no_days="No release says its day.",
    timeline="Releases by day of publication",
    timeline_told="{count} from {first} to {last}, most of them in {most}.",
    other_languages="other",
    search="Search titles, places, issuers, files",
    any_language="Any language",
    any_issuer="Any issuer",
    since="Published from",
    until="Published until",
    open_row="Choose a row to see more of it.",
    release="Release",
    release_language="Language",
    title="Title",
    date="Published",
    issuer="Issuer",
    file="File",
    length="Characters",
    open_release="Open release",
)
