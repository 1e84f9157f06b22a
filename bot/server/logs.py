"""What the server logs: one line an event, as text or as JSON, with the id of the request that it belongs to.

Neither keys and tokens nor, unless the settings allow it, questions stand in a line. It does not know where events
come from: our own loggers, uvicorn's, Streamlit's and those of every library end here.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import CommuniqueError, QuestionError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.chain import Account

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered; threads that answer it inherit it."""
REMOVED = "[removed]"
ANSWERS = logging.getLogger("communique.answers")
_SECRET = re.compile(r"(?i:\bbearer\s+)[^\s\"',]+|\bcm[qt]_[\w.-]+|\bsk-[\w-]{8,}", re.ASCII)
"""Keys and tokens by their form: those of this server, those of OpenAI, and whatever a header carries."""
_OWN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets")
"""Loggers that others set up by themselves, and not for this format."""


def configure(settings: Settings) -> None:
    """Let everything that this process logs be written to standard error, in the way of the settings."""
    key = settings.openai_api_key
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        Lines(
            as_json=settings.log_format == "json",
            tells=settings.log_questions,
            secrets=(key.get_secret_value(),) if key else (),
        )
    )
    handler.setLevel(settings.log_level.upper())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    _adopt_streamlit(handler)
    for name in _OWN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def event(logger: logging.Logger, message: str, **fields: Any) -> None:
    """Log something that happens all the time, with its facts as fields of their own."""
    logger.info(message, extra={"fields": fields})


class AnswerLog:
    """Logs every answer of this process, the chat page's too; `tells` says whether with its question."""

    def __init__(self, tells: bool) -> None:
        self._tells = tells

    def answered(self, account: "Account") -> None:
        """Log an answer, its id cut short: with the whole of it the answer could be read."""
        answer = account.answer
        event(
            ANSWERS,
            "answer",
            answer=answer.id[:8],
            declined=answer.declined,
            language=answer.language,
            mode=answer.mode,
            probability=round(answer.probability, 3),
            seconds=round(answer.seconds, 3),
            removed=account.removed,
            **({"question": answer.question} if self._tells else {}),
        )
        if account.failed:
            ANSWERS.warning("The chat model failed: quotes stood in.")

    def failed(self, error: CommuniqueError) -> None:
        """Log that there was no answer; a question that cannot be asked is the asker's affair."""
        if not isinstance(error, QuestionError):
            ANSWERS.error("A question got no answer: %s", error)


class Lines(logging.Formatter):
    """A record as one line.

    `tells` says whether the texts of errors that are not ours stand in it: they may quote a question.
    """

    def __init__(self, *, as_json: bool, tells: bool = False, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._as_json = as_json
        self._tells = tells
        self._secrets = [each for each in secrets if len(each) >= 8]  # a shorter one is a word

    def format(self, record: logging.LogRecord) -> str:
        line = self._json(record) if self._as_json else self._text(record)
        for secret in self._secrets:
            line = line.replace(secret, REMOVED)
        return _SECRET.sub(REMOVED, line)

    def _json(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["error"] = list(self._chain(record.exc_info[1]))
        return json.dumps(line, default=str)

    def _text(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "seconds")
        request_id = REQUEST_ID.get()
        parts = [moment, record.levelname, f"{record.name}:", *([f"[{request_id}]"] if request_id else [])]
        fields = [f"{name}={value}" for name, value in getattr(record, "fields", {}).items()]
        line = " ".join([*parts, " ".join([record.getMessage(), *fields]).replace("\n", "\\n")])
        if record.exc_info and record.exc_info[1]:
            line = "\n".join([line, *self._chain(record.exc_info[1])])
        return line

    def _chain(self, error: BaseException) -> Iterator[str]:
        """The error and those that it came of, the newest first, each with its calls."""
        seen: set[int] = set()
        at: BaseException | None = error
        while at is not None and id(at) not in seen:
            seen.add(id(at))
            calls = "".join(traceback.format_tb(at.__traceback__))
            told = self._tells or isinstance(at, CommuniqueError)
            yield f"{type(at).__name__}{f': {at}' if told else ''}\nTraceback:\n{calls}".rstrip()
            at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _adopt_streamlit(handler: logging.Handler) -> None:
    """Let Streamlit's loggers write with `handler`: it gives each one of its own, and has no setting for that."""
    from streamlit import logger as loggers

    def setup(logger: logging.Logger) -> None:
        logger.handlers[:] = [handler]

    loggers.setup_formatter = setup
    loggers.update_formatter()
