"""Who publishes a release, where its text says so: the press contact's organisation, a credit line.

It names nobody on a guess: an organisation that is only spoken of is not the issuer.
"""

import re
from collections import Counter
from collections.abc import Iterator

from ingest.kinds import asks_to_contact, holds_addresses
from ingest.metadata.head import READ_CHARACTERS, Head

HEAD_NOUN = (
    r"(?:Office|Organi[sz]ation|Ministry|Department|Programme|Program|Agency|Commission|Committee|Council|Union|Bank"
    r"|Fund|Institute|Cent(?:re|er)|Bureau|Secretariat|Division|Authority|Service|Federation|Association|Court|Mission"
    r"|Directorate|University|Foundation|Administration|Assembly|Parliament|Ministère|Organisation|Département|Agence"
    r"|Comité|Conseil|Banque|Fonds|Institut|Secrétariat|Direction|Autorité|Fédération|Cour|Université|Fondation|Assemblée"
    r"|Parlement|Programa|Oficina|Ministerio|Organización|Agencia|Comisión|Comité|Consejo|Secretaría)"
)
"""A regular expression for the words that make a name that of an organisation."""

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]*+"
_LINK = (
    r"(?:[ ](?:(?:of|for|on|and|the|against|in|to|de|du|des|la|le|les|pour|contre|et|sur|en|aux|à|y|el)[ ]"
    r"|[dl]['’]|de[ ]l['’])+|[ ])"
)
_ORGANISATION = re.compile(rf"{_NAME}(?:{_LINK}(?:d['’]|l['’])?{_NAME}){{1,11}}")
_ACRONYM_AFTER = re.compile(r"[ ]?\(([A-Z][A-Za-z-]{1,11})\)")
_MORE_INFORMATION = re.compile(
    r"\b(?:information|inquir|enquir|media|press|presse|médias?|renseignements?|información|prensa)",
    re.IGNORECASE,
)
_ARTICLE = r"(?:(?:[Tt]he|[Ll]e|[Ll]a|[Ee]l)[ ]|[Ll]['’])?"
_ISSUER = rf"{_ARTICLE}(?P<issuer>{_ORGANISATION.pattern})"
_ANNOUNCES = re.compile(
    rf"""\A{_ARTICLE}(?P<issuer>{_ORGANISATION.pattern}|{HEAD_NOUN}\b[^,.;:()\n]{{2,80}}?)
    (?:[ ]?\([^()]{{2,40}}\))?,?[ ](?:
    today[ ](?:announced|released|published|issued)
    |(?:announc|releas|publish|issu)(?:ed|es)[ ]today
    |(?:a[ ])?(?:annonc|publi)[ée][ ](?:ce[ ]jour|aujourd['’]hui)|anunció[ ]hoy)\b""",
    re.VERBOSE,
)
_ANNOUNCED_BY = re.compile(rf"\bannounced[ ](?:[^.\n]|(?<=\b[A-Z])\.){{0,160}}?\b(?:of|for)[ ]{_ISSUER}")
_CREDIT = re.compile(
    rf"^(?i:(?:issued|released|published|publié|diffusé)[ ](?:by|par)|source)[ ]?:?[ ]{_ISSUER}"
    r"[ ]*(?:\([^()\n]*\))?[ .]*$",
    re.MULTILINE,
)
_BEGINNING = 1500


def find_issuer(text: str, head: Head) -> str | None:
    """The issuer's name without acronym, two joined by "and" for a joint release; None where it is unsaid."""
    read = text if len(text) <= 2 * READ_CHARACTERS else text[:READ_CHARACTERS] + text[-READ_CHARACTERS:]
    contact = _of_contact(read)
    if contact and head.joint:
        return _joint(text[head.body : head.body + _BEGINNING], contact) or contact
    return contact or _of_announcement(text[head.body : head.body + _BEGINNING]) or _of_credit(read)


def _of_contact(text: str) -> str | None:
    """The organisation named most often among those to ask for more, if the rest of the text names it too."""
    contacts, rest = _contact_paragraphs(text)
    named = [found for paragraph in contacts for found in _organisations(paragraph)]
    acronyms = {name: acronym for name, acronym in named if acronym}
    times = Counter(
        name
        for name, _ in named
        if name in rest or (name in acronyms and re.search(rf"\b{acronyms[name]}\b", rest))
    ).most_common(2)
    if not times or (len(times) > 1 and times[0][1] == times[1][1]):
        return None
    return times[0][0]


def _contact_paragraphs(text: str) -> tuple[list[str], str]:
    """The paragraphs that say whom to ask about the release, and all others."""
    contacts: list[str] = []
    others: list[str] = []
    open_ = False
    for paragraph in re.split(r"[\n\r]+", text):
        asks = asks_to_contact(paragraph) and _MORE_INFORMATION.search(paragraph) is not None
        open_ = asks or (open_ and (holds_addresses(paragraph) or not paragraph.strip()))
        (contacts if open_ else others).append(paragraph)
    return contacts, "\n".join(others)


def _organisations(paragraph: str) -> Iterator[tuple[str, str | None]]:
    """Names of organisations in a paragraph, each with the acronym that follows it."""
    for match in _ORGANISATION.finditer(paragraph):
        name = _organisation(match.group())
        if name:
            acronym = _ACRONYM_AFTER.match(paragraph, match.end())
            yield name, acronym[1] if acronym else None


def _organisation(words: str) -> str | None:
    """The name without article and possessive; None where no word says that it is an organisation."""
    name = re.sub(r"\A(?:The|Le|La|Les|El)[ ]|\AL['’]", "", words)
    name = re.sub(r"['’]s?\Z", "", name)
    name = re.sub(rf"(?<=[ ])({HEAD_NOUN})[ ](?:and|et|y)[ ].*", r"\1", name)  # "… Division and Attorney Roe"
    return name if re.search(rf"\b{HEAD_NOUN}\b", name) and " " in name else None


def _of_announcement(beginning: str) -> str | None:
    """The organisation that "announced today", or whose officer did."""
    first = re.sub(r"\A[^\n]{0,80}?\d{4}\W{1,4}(?=[A-ZL])", "", beginning)
    for text, pattern in ((first, _ANNOUNCES), (beginning, _ANNOUNCES)):
        if match := pattern.match(text):
            return _organisation(match["issuer"])
    sentence = re.split(r"(?<=[a-z])[.]\s?(?=[A-Z])", beginning, maxsplit=1)[0]
    by = _ANNOUNCED_BY.search(sentence)
    return _organisation(by["issuer"]) if by else None


def _of_credit(text: str) -> str | None:
    match = _CREDIT.search(text)
    return _organisation(match["issuer"]) if match else None


def _joint(body: str, contact: str) -> str | None:
    """Both parties of a joint release, as the subject of its first sentence names them."""
    named = rf"{_ARTICLE}{re.escape(contact)}\b(?:[ ]?\([^()]*\))?"
    other = rf"{_ARTICLE}(?P<other>{_ORGANISATION.pattern}|{_NAME})"
    for subject in (rf"{other}[ ](?:and|et)[ ]{named}", rf"{named}[ ](?:and|et)[ ]{other}"):
        if match := re.search(rf"(?:\A|[–—:-][ ]){subject}", body):
            return f"{match['other']} and {contact}"
    return None
