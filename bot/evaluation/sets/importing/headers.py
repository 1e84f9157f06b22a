"""Tells which column of a table is which key of a question, by the names that teams give, English or French.

It reads no rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.evaluation.sets.questions import Question
from bot.facts.folding import folded

# Folded names; of two columns that say the same, the one whose name comes first here is taken.
_NAMES = {
    "id": "id;#;question id;no;n;nr;number;numero;num;identifier;identifiant;ref;key;cle;code",
    "question": "question;questions;question text;texte de la question;la question;intitule;intitule de la question;"
    "query;requete;user question;prompt;q",
    "history": "history;historique;previous question;previous questions;question precedente;questions precedentes;"
    "earlier question;earlier questions;prior question;prior questions;asked before;previous turn;previous turns;"
    "conversation;contexte de la conversation",
    "facts": "facts;fact;faits;fait;expected facts;expected fact;faits attendus;fait attendu;key facts;expected;"
    "attendu;expected answer;expected answers;reponse attendue;reponses attendues;expected response;"
    "expected output;correct answer;correct answers;bonne reponse;bonnes reponses;reference answer;"
    "reponse de reference;gold answer;ground truth;answer;answers;reponse;reponses;a",
    "quotes": "quotes;quote;expected quote;expected quotes;citation;citations;verbatim;extrait;extraits;passage;"
    "passages;evidence;preuve;preuves;supporting text;supporting quote",
    "releases": "releases;release;release id;release ids;press release;press releases;communique;communiques;"
    "communique de presse;communiques de presse;seed;source;sources;source document;document;documents;"
    "document source;file;files;file name;filename;fichier;fichiers;nom du fichier",
    "answerable": "answerable;is answerable;can be answered;repondable;a une reponse;reponse possible",
    "unanswerable": "unanswerable;is unanswerable;impossible;is impossible;no answer;sans reponse;pas de reponse",
    "language": "language;lang;langue;langage;question language;langue de la question",
    "tags": "tags;tag;etiquettes;etiquette;labels;label;keywords;mots cles;category;categories;categorie;topic;"
    "topics;theme;themes;sujet",
    "as_of": "as of;as of date;valid on;valid as of;a la date du;date de reference;date de validite;reponse au",
    "note": "note;notes;comment;comments;commentaire;commentaires;remark;remarks;remarque;remarques;observation;"
    "observations",
}
_SEVERAL = frozenset({"history", "facts", "quotes", "releases", "tags"})
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_NUMBERED = re.compile(r"(.*?)\s*#?\s*(\d+)\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key that its cells go to, and the `field` of a question that they mean, if any."""

    key: str
    field: str | None


@dataclass(frozen=True, slots=True, order=True)
class _Name:
    """What a header names; `rank` says how telling it is (0 the most), `number` is the "2" of "Answer 2"."""

    rank: int
    field: str
    number: str = ""


_FIELDS = {
    name: _Name(rank, field) for field, names in _NAMES.items() for rank, name in enumerate(names.split(";"))
}


def columns(headers: Sequence[str]) -> list[Column]:
    """What each column is, in order; one that is not known keeps its own name, made unique."""
    known = [_recognised(header) for header in headers]
    chosen: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(known):
        if name:
            chosen[name.field] = min(chosen.get(name.field, (name.rank, place)), (name.rank, place))
    taken = set(Question.model_fields)
    result: list[Column] = []
    for place, (header, name) in enumerate(zip(headers, known, strict=True)):
        if name and (chosen[name.field][1] == place or _continues(name, chosen[name.field][0])):
            result.append(Column(header.strip(), name.field))
            continue
        own = header.strip() or f"column {place + 1}"
        key, copy = own, 2
        while key in taken:
            key, copy = f"{own} ({copy})", copy + 1
        taken.add(key)
        result.append(Column(key, None))
    return result


def fields(headers: Sequence[str]) -> frozenset[str]:
    """The fields of a question that are among the columns."""
    return frozenset(name.field for header in headers if (name := _recognised(header)))


def _continues(name: _Name, rank: int) -> bool:
    """Whether a column such as "Answer 2" goes on with the one that is read, such as "Answer 1" or "Answer"."""
    return name.field in _SEVERAL and name.rank == rank and bool(name.number)


def _recognised(header: str) -> _Name | None:
    for text in (header, _BRACKETED.sub(" ", header)):
        words = folded(text).strip() or text.strip()
        if words in _FIELDS:
            return _FIELDS[words]
        numbered = _NUMBERED.fullmatch(words)
        if numbered and numbered[1] in _FIELDS:
            return replace(_FIELDS[numbered[1]], number=numbered[2])
    parts = [_FIELDS.get(folded(part).strip()) for part in re.split(r"[/|]", header)]
    named = [part for part in parts if part]
    is_one = len(named) == len(parts) > 1 and len({name.field for name in named}) == 1
    return min(named) if is_one else None
