"""Questions and their answers as statements, by rules over English and French surface forms.

It knows no product and no file. A question of a form that no rule knows becomes no statement.
"""

import re

_PARTICIPLE = (
    r"\w+ed|born|built|written|made|held|known|given|found|taken|seen|led|won|lost|sent|put|set|begun|chosen|drawn|"
    r"driven|fought|grown|kept|left|sold|shown|spoken|spent|taught|told|thrown|understood|worn|bought|brought|cut|hit"
)
_PREPOSITION = r"(?:of|in|on|at|by|for|from|to|with|as|into|over|after|about|called|named|considered)"
_BE = r"(?:is|was|are|were)"
_AUXILIARY = re.compile(
    rf"^(?:{_BE}|did|do|does|has|have|had|can|could|will|would|should|may|might|n't)\b", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^[\d.,]+(?: (?:million|billion|thousand|hundred))?$|^[a-z]+(?:-[a-z]+)?$", re.IGNORECASE
)
_NOT_SUBJECTS = re.compile(r"^(?:the (?:same|following)|that|it|they|he|she|this|these)\b", re.IGNORECASE)


def statement(question: str, answer: str, language: str) -> str | None:
    """The sentence that the answer makes of the question; None where no rule fits."""
    asked = re.sub(r"\s+", " ", question).strip(" ?.")
    answer = re.sub(r"\s+", " ", answer).strip(" .,;")
    if not answer or len(answer) > 150 or "?" in asked:
        return None
    made = (_french if language == "fr" else _english)(asked, answer)
    return made and made[0].upper() + made[1:] + "."


def _english(asked: str, answer: str) -> str | None:
    if found := re.match(rf"(?:who|what) ({_BE}) (.+)$", asked, re.IGNORECASE):
        verb, rest = found[1].lower(), found[2]
        if re.match(rf"(?:{_PARTICIPLE}|being)\b", rest, re.IGNORECASE):
            return f"{answer} {verb} {rest}"
        if re.search(rf"\b{_PREPOSITION}$", rest, re.IGNORECASE) or _NOT_SUBJECTS.match(rest):
            return None
        if re.match(r"(?:the|an?|another|one|some|his|her|its|their)\b|[A-Z]", rest) and not re.search(
            rf"\b(?:{_PARTICIPLE}|doing|trying|using)$", rest
        ):
            return f"{rest} {verb} {answer}"
        return None
    if found := re.match(r"who (\w+) (.+)$", asked, re.IGNORECASE):
        return None if _AUXILIARY.match(found[1]) else f"{answer} {found[1]} {found[2]}"
    when = rf"(?:when|in (?:what|which) year|where) ({_BE}) (.+?) ({_PARTICIPLE})(\b.*)$"
    if found := re.match(when, asked, re.IGNORECASE):
        place = "" if re.match(r"(?:in|on|at|near|by|during|after|before|from|around)\b", answer) else "in "
        return f"{found[2]} {found[1].lower()} {found[3]}{found[4]} {place}{answer}"
    if found := re.match(r"how many (.+?) (are|were) (?:there )?(in|on|at|of) (.+)$", asked, re.IGNORECASE):
        return (
            f"there {found[2]} {answer} {found[1]} {found[3]} {found[4]}" if _NUMBERED.match(answer) else None
        )
    if found := re.match(r"how many (.+)$", asked, re.IGNORECASE):
        if re.search(
            r"\b(?:did|do|does|is|has|have|had|was|can|could|would|will)\b", found[1], re.IGNORECASE
        ):
            return None
        return f"{answer} {found[1]}" if _NUMBERED.match(answer) else None
    if found := re.match(
        r"(?:what|which) ([\w ]{3,30}?) (\w+ed|has|contains?|includes?) (.+)$", asked, re.IGNORECASE
    ):
        if re.search(r"\b(?:did|do|does|is|was|are|were|can|could)\b", found[1], re.IGNORECASE):
            return None
        return f"{answer} {found[2]} {found[3]}"
    return None


def _french(asked: str, answer: str) -> str | None:
    if found := re.match(r"quel(?:le)?s? (est|était|sont|étaient|fut|furent) (.+)$", asked, re.IGNORECASE):
        return f"{found[2]} {found[1].lower()} {answer}"
    if found := re.match(r"qui (est|était|sont|étaient|fut) (.+)$", asked, re.IGNORECASE):
        return f"{answer} {found[1].lower()} {found[2]}"
    if found := re.match(
        r"qui ((?:a|ont|avait|se|s'|va|doit|peut|\w+e|\w+ent|\w+ait) .+)$", asked, re.IGNORECASE
    ):
        return None if re.search(r"-t?-?(?:il|elle|on)", asked) else f"{answer} {found[1]}"
    quand = r"(?:quand|en quelle année|où) (.{3,60}?) (a|est|fut|ont|sont|était)-(?:t-)?(?:ils?|elles?) (.+)$"
    if found := re.match(quand, asked, re.IGNORECASE):
        place = (
            "" if re.match(r"(?:en|le|à|au|aux|dans|vers|depuis|après|avant|chez|sur)\b", answer) else "en "
        )
        return f"{found[1]} {found[2]} {found[3]} {place}{answer}"
    if found := re.match(r"combien de (.+)$", asked, re.IGNORECASE):
        if re.search(r"-t?-?(?:il|elle|on)|\b(?:il y a|a-t|est-ce)\b", found[1]) or not re.match(
            r"[\d ]+$", answer
        ):
            return None
        return f"{answer} {found[1]}"
    return None
