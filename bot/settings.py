"""Settings: every choice a person can make, read from the environment and `.env`.

It checks values and builds nothing: models and stores are made where they are used.
"""

import re
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
)

from bot.errors import SettingsError

PREFIX = "COMMUNIQUE_"
EMBEDDED = "embedded:multilingual-e5-small"
READING = "reading"
DEFAULT_CHAT_MODEL = "openai:gpt-5-mini"

_BY_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})\s*=(.+)")
_Probability = Annotated[float, Field(ge=0, le=1)]
_Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _probabilities(value: object) -> object:
    """A text as the probability that it is, or as one by language where it names languages."""
    if not isinstance(value, str):
        return value
    parts = [_BY_LANGUAGE.fullmatch(part) for part in value.split(",")] if "=" in value else []
    try:
        found = {part[1].lower(): float(part[2]) for part in parts if part} if parts else float(value)
        given = list(found.values()) if isinstance(found, dict) else [found]
        if len(given) >= len(parts) and all(0 <= each <= 1 for each in given):
            return found
    except ValueError:
        pass
    raise ValueError("write a number from 0 to 1, as 0.2, or one for each language, as en=0.2,fr=0.25")


def _two_numbers(value: object) -> object:
    """A text as the two numbers that it writes with a comma between them."""
    if not isinstance(value, str):
        return value
    try:
        found = tuple(float(part) for part in value.split(","))
    except ValueError:
        found = ()
    if len(found) != 2:
        raise ValueError("write two numbers with a comma between them, for example 0.25,2")
    return found


class Settings(BaseSettings):
    """The settings of one process; `load` reads them and explains what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8-sig",  # some editors begin a file with a byte order mark
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(
        default=Path(".communique"), description="Folder of the index, the model cache and the history."
    )
    corpus_dir: Path = Field(default=Path("corpus"), description="Folder of the press releases.")
    embeddings: str = Field(
        default=EMBEDDED,
        description=f"Embedding model: `{EMBEDDED}` (on this machine) or `provider:model` of LangChain.",
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Whether the ingest may fetch from addresses that are not public: this machine and your own "
        "network.",
    )
    ocr: str = Field(
        default="",
        description="Languages in which scanned pages of PDF documents are recognised, by their names in tesseract, as "
        "`fra+eng`; without it they are only reported.",
    )
    chroma_url: str | None = Field(
        default=None,
        description="Chroma server, as `http://host:8000`; embedded in the data folder without it.",
    )
    chat_model: str | None = Field(
        default=None,
        description="Chat model that writes the answer, as `provider:model` of LangChain; "
        f"`{DEFAULT_CHAT_MODEL}` where an OpenAI key or server is set; `none` to only read.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY"), description="OpenAI key."
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_BASE_URL"),
        description="A server that speaks OpenAI's protocol.",
    )
    minimum_probability: Annotated[
        _Probability | dict[str, _Probability] | None, BeforeValidator(_probabilities), NoDecode
    ] = Field(
        default=None,
        description="Decline below this probability that a sentence answers: `0.2`, or by language of the question "
        "`en=0.2,fr=0.25`; the fitted default without it, and for other languages.",
    )
    passages: int = Field(default=12, ge=1, le=100, description="Passages read for a question at most.")
    question_characters: int = Field(
        default=4000, ge=20, le=100_000, description="Longest question that is accepted, in characters."
    )
    lock_seconds: float = Field(
        default=30, ge=0, description="How long a second ingest waits for the first, in seconds."
    )
    chat_seconds: float = Field(
        default=60, gt=0, description="How long the chat model may take for an answer, in seconds."
    )
    chat_evidence_tokens: int = Field(
        default=3000,
        ge=200,
        le=1_000_000,
        description="Evidence that the chat model is given, in tokens at most; the least probable is left out.",
    )
    chat_prices: Annotated[tuple[_Price, _Price] | None, BeforeValidator(_two_numbers), NoDecode] = Field(
        default=None,
        description="What the chat model costs, in US dollars for a million tokens in and out, as `0.25,2`; "
        "the published prices of the provider without it.",
    )
    translate_quotes: bool = Field(
        default=True,
        description="Whether the chat model translates quotes that are in another language than the answer.",
    )
    chat_proof: bool = Field(
        default=False,
        description="Whether the chat model is asked of each proven sentence, too, whether its quotes say it: a call "
        "for each.",
    )
    team_pages: bool = Field(
        default=True,
        description="Whether the chat has the pages for the team: corpus, evaluation and draft sets.",
    )
    host: str = Field(default="127.0.0.1", description="Address on which the chat is served.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port on which the chat is served.")
    base_path: str | None = Field(
        default=None, description="Path under which it is served, as `/communique`; the root without it."
    )
    allowed_origins: str | None = Field(
        default=None,
        description="Origins whose pages may call the API and embed the chat, as `https://wiki.example.org`, "
        "separated by commas; none without it.",
    )
    allowed_hosts: str | None = Field(
        default=None,
        description="Host names by which it may be called, as `chat.example.org` or `*.example.org`, separated by "
        "commas; addresses in numbers and the names of this machine itself may always.",
    )
    trusted_proxies: str | None = Field(
        default=None,
        description="Addresses or networks of the proxies before it, separated by commas: their "
        "`X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    answers_at_once: int = Field(
        default=2, ge=1, le=64, description="Questions that the API answers at the same time."
    )
    questions_waiting: int = Field(
        default=32,
        ge=0,
        le=10_000,
        description="Questions that may wait for that; to more the API says that it is busy.",
    )
    questions_per_minute: int = Field(
        default=60,
        ge=1,
        le=100_000,
        description="Questions a minute from one key, or from one address without a key.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How the server logs: `text`, or `json` for one object a line."
    )
    log_level: Literal["info", "warning", "error"] = Field(
        default="warning", description="What the server logs: with `info` every request and answer, too."
    )
    otel_endpoint: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="OpenTelemetry collector that takes traces as OTLP over HTTP, as `http://host:4318`; "
        "none without it.",
    )
    log_questions: bool = Field(
        default=False, description="Whether questions may stand in logs and traces; without it none does."
    )

    @field_validator("embeddings")
    @classmethod
    def _names_a_provider(cls, value: str) -> str:
        provider, _, model = value.partition(":")
        if not provider or not model:
            raise ValueError("write it as provider:model, for example openai:text-embedding-3-small")
        return value

    @field_validator("ocr")
    @classmethod
    def _are_languages(cls, value: str) -> str:
        if value and not re.fullmatch(r"[a-z]\w*(\+[a-z]\w*)*", value, re.ASCII):
            raise ValueError("write the languages as tesseract names them, for example fra+eng")
        return value

    @field_validator("base_path")
    @classmethod
    def _is_a_path(cls, value: str | None) -> str | None:
        if value is None or value == "/":
            return None
        if not re.fullmatch(r"(/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+/?", value):
            raise ValueError("write it as a path of letters and digits, for example /communique")
        return value.rstrip("/")

    @field_validator("otel_endpoint")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", value):
            raise ValueError("write it as http://host:4318")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str | None) -> str | None:
        for origin in separated(value):
            if not re.fullmatch(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", origin):
                raise ValueError(
                    f"{origin} is not an origin: write scheme, host and port in small letters and nothing after "
                    "them, for example https://wiki.example.org"
                )
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, value: str | None) -> str | None:
        for host in separated(value):
            if not re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", host):
                raise ValueError(
                    f"{host} is not a host name: write it in small letters and without scheme and port, "
                    "for example chat.example.org"
                )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str | None) -> str | None:
        for network in separated(value):
            try:
                ip_network(network)
            except ValueError:
                raise ValueError(
                    f"{network} is no address and no network: write it as 10.0.0.5 or 10.0.0.0/24"
                ) from None
        return value

    @property
    def reads(self) -> bool:
        """Whether answers are read from the releases, without a chat model."""
        return self.mode == READING

    @property
    def mode(self) -> str:
        """`reading`, or the chat model that writes the answers."""
        if self.chat_model:
            return READING if self.chat_model == "none" else self.chat_model
        return DEFAULT_CHAT_MODEL if self.openai_api_key or self.openai_base_url else READING


def separated(value: str | None) -> tuple[str, ...]:
    """The parts of a setting that commas separate."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def load() -> Settings:
    """The settings of this process.

    Raises SettingsError, naming each variable that cannot be used and what is wrong with it.
    """
    try:
        wrong = _unknown()
        try:
            settings = Settings()
        except ValidationError as error:
            wrong += [
                f"{_variable(str(item['loc'][0]))}: {item['msg'].removeprefix('Value error, ')}"
                for item in error.errors()
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file .env cannot be read: {error}. Save it as UTF-8 text that you may read."
        ) from error
    if wrong:
        raise SettingsError(
            f"The settings cannot be used: {'; '.join(wrong)}. Correct them in the environment or .env."
        )
    return settings


def variables() -> dict[str, str]:
    """The environment variable of each field, by the field's name."""
    return {
        name: str(field.validation_alias.choices[0])
        if isinstance(field.validation_alias, AliasChoices)
        else _variable(name)
        for name, field in Settings.model_fields.items()
    }


def _unknown() -> list[str]:
    known = {*variables().values()}
    given = {**DotEnvSettingsSource(Settings).env_vars, **EnvSettingsSource(Settings).env_vars}
    return [
        f"{name} is not a setting{_meant(name, known)}"
        for name in sorted(key.upper() for key in given)
        if name.startswith(PREFIX) and name not in known
    ]


def _meant(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    return f" (did you mean {close[0]}?)" if close else ""


def _variable(field_name: str) -> str:
    return field_name if field_name.isupper() else f"{PREFIX}{field_name.upper()}"
