"""Mails as Outlook saves them (MSG): as `ingest.load.mail`."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from ingest.load.encoding import in_windows
from ingest.load.html import fragment_text, source_of
from ingest.load.loaded import Loaded
from ingest.load.mail import mail_of

if TYPE_CHECKING:
    from oxmsg import Message


def load(path: Path, named: str) -> Loaded:
    """The text of the mail. Raises CorpusError where it cannot be read."""
    mail = opened(path, named)
    sent = mail.sent_date
    return mail_of(text_of(mail, named), mail.subject or "", sent.isoformat() if sent else "")


def opened(path: Path, named: str) -> "Message":
    """The mail. Raises CorpusError where the file is damaged."""
    from oxmsg import Message

    try:
        with path.open("rb") as file:
            return Message.load(file)
    except (MemoryError, CorpusError):
        raise
    except Exception as error:  # what it is made of raises whatever a damaged file runs it into
        raise CorpusError(f"{named} is a damaged Outlook mail ({error}): save it again.") from error


def text_of(mail: "Message", named: str) -> str:
    """The text of the message; empty where it has attachments only."""
    if (mail.body or "").strip():
        return in_windows(mail.body or "").replace("\r\n", "\n")
    html = mail.html_body
    content = html.encode() if isinstance(html, str) else html
    return fragment_text(source_of(content, named), named) if content else ""
