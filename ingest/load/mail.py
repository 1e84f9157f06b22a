"""Mails (EML): the text of the message without signature and forwarding marks; subject and day are hints.

Attachments are releases of their own; see `ingest.unpack`.
"""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.encoding import decoded
from ingest.load.front import as_mail_day
from ingest.load.html import fragment_text, source_of
from ingest.load.loaded import Loaded, Said
from ingest.load.titles import usable

_REPLY = re.compile(r"\s*(?:(?:re|fwd?|tr|wg|aw|rv|réf|enc)\s*:|\[[^\]]{1,40}\])\s*", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- \r?$.*\Z", re.MULTILINE | re.DOTALL)
_FORWARDED = re.compile(
    r"""^[ \t>]*-{2,}[ ]?(?:(?:forwarded|original)\ message|message\ (?:transféré|d['’]origine|original))[ ]?-{2,}
    [ \t]*\r?\n
    (?:[ \t>]*[\w’' -]{1,20}[ \u00a0]?:[^\n]*\r?\n)+""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)


def load(path: Path, named: str) -> Loaded:
    """The text of the mail. Raises CorpusError where it has none."""
    mail = opened(path, named)
    return mail_of(text_of(mail, named), str(mail["subject"] or ""), str(mail["date"] or ""))


def mail_of(text: str, subject: str, sent: str) -> Loaded:
    """The text of a mail; its day is a hint only where it is no reply and was not passed on."""
    title = subject
    while (cut := _REPLY.match(title)) and cut.end() < len(title):
        title = title[cut.end() :]
    passed_on = bool(re.match(r"\s*(?:re|fwd?|tr|wg|aw|rv)\s*:", subject, re.IGNORECASE)) or bool(
        _FORWARDED.search(text)
    )
    hints = Said(title=usable(title), date=None if passed_on else as_mail_day(sent))
    return Loaded(_SIGNATURE.sub("", _FORWARDED.sub("", text)), hints=hints)


def opened(path: Path, named: str) -> EmailMessage:
    """The mail. Raises CorpusError where the file is none."""
    with path.open("rb") as file:
        mail = BytesParser(policy=policy.default).parse(file)
    if not isinstance(mail, EmailMessage) or not any(
        mail[name] for name in ("from", "subject", "date", "to", "content-type")
    ):
        raise CorpusError(
            f"{named} is no mail: it has neither sender nor subject. Save the mail again as EML."
        )
    return mail


def text_of(mail: EmailMessage, named: str) -> str:
    """The text of the message; empty where it has attachments only."""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return ""
    if body.get_content_subtype() == "html":
        return fragment_text(source_of(content, named), named)
    text = decoded(content, named, body.get_content_charset() or "").replace("\r\n", "\n")
    return _flowed(text) if body.get_param("format") == "flowed" else text


def _flowed(text: str) -> str:
    """The paragraphs of a text whose lines go on where they end in a space (RFC 3676)."""
    return re.sub(r"(?<![\n-])(?<!-- ) \n(?=[^\s>])", " ", text)
