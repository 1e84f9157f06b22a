"""Settings: every choice a person can make, read from the environment and `.env`.

It checks values and builds nothing: models and stores are made where they are used.
"""

from difflib import get_close_matches
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from bot.errors import SettingsError

PREFIX = "COMMUNIQUE_"
EMBEDDED = "embedded:multilingual-e5-small"
READING = "reading"
DEFAULT_CHAT_MODEL = "openai:gpt-5-mini"


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
    minimum_probability: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Decline below this probability that a sentence answers; the fitted default without it.",
    )
    passages: int = Field(default=12, ge=1, le=100, description="Passages read for a question.")
    question_characters: int = Field(
        default=4000, ge=20, le=100_000, description="Longest question that is accepted, in characters."
    )
    lock_seconds: float = Field(
        default=30, ge=0, description="How long a second ingest waits for the first, in seconds."
    )
    chat_seconds: float = Field(
        default=60, gt=0, description="How long the chat model may take for an answer, in seconds."
    )
    host: str = Field(default="127.0.0.1", description="Address on which the chat is served.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port on which the chat is served.")

    @field_validator("embeddings")
    @classmethod
    def _names_a_provider(cls, value: str) -> str:
        provider, _, model = value.partition(":")
        if not provider or not model:
            raise ValueError("write it as provider:model, for example openai:text-embedding-3-small")
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
