"""Settings: every choice a person can make, read from the environment and `.env`.

It checks values and builds nothing: models and stores are made where they are used.
"""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

EMBEDDED = "embedded:multilingual-e5-small"
DEFAULT_CHAT_MODEL = "openai:gpt-5-mini"


class Settings(BaseSettings):
    """The settings of one process; `load` reads them and explains what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix="COMMUNIQUE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
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
        default=None, description="Chroma server, as `http://host:8000`; embedded in the data folder without it."
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
    def mode(self) -> str:
        """`reading`, or the chat model that writes the answers."""
        if self.chat_model:
            return "reading" if self.chat_model == "none" else self.chat_model
        return DEFAULT_CHAT_MODEL if self.openai_api_key or self.openai_base_url else "reading"


def load() -> Settings:
    """The settings of this process.

    Raises SettingsError, naming each variable and what is wrong with it.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{_variable(str(item['loc'][0]))}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        )
        raise SettingsError(f"The settings cannot be used: {wrong}. Correct them in the environment or .env.") from None


def _variable(field_name: str) -> str:
    return field_name if field_name.isupper() else f"COMMUNIQUE_{field_name.upper()}"
