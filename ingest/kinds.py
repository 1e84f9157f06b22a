"""Which lines and paragraphs are not the release's own prose: whom to contact, and what a page put around it.

It judges one line or paragraph at a time and knows no passages.
"""

import re

_LONGEST_NOTICE = 700
"""Characters: a longer paragraph is prose, whatever it mentions."""

_NAVIGATION = re.compile(
    r"""(?:(?:
        (?:previous|next|older|newer|related)\ (?:post|article|story|release|page|news)s?
        |(?:article|page|actualité|communiqué)s?\ (?:précédent|suivant|similaire)e?s?
        |previous|next|précédent|suivant|anterior|siguiente
        |skip\ to\ (?:the\ )?(?:main\ )?(?:content|navigation)|(?:aller|passer)\ au\ contenu(?:\ principal)?
        |(?:back\ to|go\ to|return\ to)\ (?:the\ )?top|haut\ de\ page|retour\ en\ haut
        |share(?:\ (?:this|on))?(?:\ (?:post|article|page|story|release))?|partager(?:\ (?:sur|cet\ article))?
        |tweet|facebook|twitter|linkedin|whatsapp|telegram|instagram|youtube|email\ this
        |print(?:\ (?:this|page|friendly(?:\ version)?))*|imprimer|e-?mail|copy\ link|copier\ le\ lien
        |menu|home|accueil|search|rechercher|close|fermer|log\ ?in|sign\ (?:in|up)|subscribe|s'abonner
        |read\ more|lire\ la\ suite|learn\ more|en\ savoir\ plus|download(?:\ (?:as\ )?pdf)?|télécharger
        |accept(?:\ all)?(?:\ cookies)?|reject\ all|(?:tout\ )?accepter|(?:tout\ )?refuser|cookie\ settings
        |leave\ a\ (?:comment|reply)|comments?|no\ comments|all\ rights\ reserved|tous\ droits\ réservés
        |privacy\ policy|terms\ (?:of\ use|and\ conditions)|mentions\ légales|site\ ?map|plan\ du\ site
        |page\ \d{1,4}(?:\ (?:of|sur|de|/)\ \d{1,4})?|\d{1,4}\ ?/\ ?\d{1,4}
        )[\s|/·•»«›‹→←>:.,!\-–]*+)+""",
    re.VERBOSE | re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:©\s*)?\d{4}\b.*", re.IGNORECASE)
_EDGE = " \t|/·•»«›‹→←>-–"
_PAGE_NUMBER = re.compile(r"[-–—|\s]*\d{1,3}[-–—|\s]*")
_LIST_MARK = re.compile(r"[-*•‣◦–]\s|\(?\w{1,3}[.)]\s")
_COOKIES = re.compile(
    r"""\b(?:we|this\ (?:web)?site|our\ (?:web)?site)\ (?:also\ )?uses?\ (?:\w+\ ){0,3}cookies
    |\b(?:nous\ utilisons|ce\ site(?:\ web)?\ utilise)\ (?:\w+\ ){0,2}(?:des\ )?cookies
    |\b(?:accept|manage|accepter|gérer)\ (?:\w+\ ){0,2}cookies\b
    |\bthis\ page\ was\ printed\ from\b""",
    re.VERBOSE | re.IGNORECASE,
)

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"""(?<![\w.])(?:\+\d{1,3}[ ().-]{0,3}\d{1,4}(?:[ ().-]{1,3}\d{2,4}){1,4}    # +1 (212) 555-0100
        |\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}                                          # (212) 555-0100
        |0\d(?:[ .-]\d\d){4}                                                     # 01 23 45 67 89
        |(?i:tel|tél|phone|mobile)[.:é ]{1,4}[+(]?\d[\d ().-]{5,20})(?!\w)""",
    re.VERBOSE,
)
_ASKS_TO_CONTACT = re.compile(
    r"""\bfor\ (?:more|(?:any\ )?further|additional)\ (?:information|details)
    |\bfor\ (?:media\ |press\ )?(?:in|en)?quir(?:y|ies)\b|\bplease\ contact\b
    |\b(?:media|press)\ (?:contact|officer|office|inquiries|enquiries|queries)s?\b
    |\bcontacts?\ (?:presse|médias?|information|person)\b
    |\bpour\ (?:plus|davantage|de\ plus\ amples|toute)\ (?:d['’]\ ?|de\ )?(?:information|renseignement)s?\b
    |\bpour\ en\ savoir\ plus\b|\bveuillez\ contacter\b
    |\bpara\ (?:más|mayor)\ información\b|\bcontacto\ de\ prensa\b
    |\Acontacts?\s*(?::|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)


def is_boilerplate(paragraph: str) -> bool:
    """Whether a line or paragraph is the page's: navigation, share buttons, cookie notice, page number."""
    words = paragraph.strip()
    if len(words) > _LONGEST_NOTICE:
        return False
    bare = words.strip(_EDGE)
    if not bare or _PAGE_NUMBER.fullmatch(words) or _COPYRIGHT.fullmatch(words) or _COOKIES.search(words):
        return bool(words)
    return not _LIST_MARK.match(words) and _NAVIGATION.fullmatch(bare) is not None


def asks_to_contact(paragraph: str) -> bool:
    """Whether a paragraph tells whom to ask for more: a cue with an address, a number, or what follows it."""
    words = paragraph.strip()
    if len(words) > _LONGEST_NOTICE or not (cue := _ASKS_TO_CONTACT.search(words)):
        return False
    reachable = ADDRESS.search(words) or _PHONE.search(words)
    return bool(reachable) or words.endswith(":") or (len(words) < 200 and cue.start() < 40)


def holds_addresses(paragraph: str) -> bool:
    """Whether a short paragraph gives an e-mail address or telephone number, as in a list of contacts."""
    words = paragraph.strip()
    return len(words) <= _LONGEST_NOTICE and bool(ADDRESS.search(words) or _PHONE.search(words))
