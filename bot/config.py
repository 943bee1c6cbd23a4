"""Settings: the only reader of the environment and of `.env`."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import UsageError


class Settings(BaseSettings):
    """What a person can set: each field is the environment variable of the same name, in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    dateline_home: Path = Field(
        default_factory=lambda: user_data_path("dateline", appauthor=False),
        description="where the archive, the indexes and the source list live",
    )
    dateline_database_url: str = Field(
        default="",
        description="archive and journal in another database, such as postgresql+psycopg://…",
    )
    dateline_lock_wait: float = Field(
        default=10.0,
        ge=0,
        description="seconds a writer waits for another writer before it gives up",
    )
    chroma_url: str = Field(
        default="",
        description="a Chroma server, such as http://localhost:8000; otherwise embedded",
    )
    embedding_model: str = Field(
        default="all-MiniLM-L6-v2",
        description="a sentence-transformers model: the packaged default, a folder, or a cached name",
    )

    reranker_model: str = Field(
        default="",
        description="a cross-encoder of sentence-transformers that orders passages: a folder, or a cached name",
    )

    llm_model: str = Field(
        default="",
        description="a chat model that words the answers, as provider:name, such as openai:gpt-4o-mini; otherwise none",
    )
    llm_base_url: str = Field(
        default="",
        description="an OpenAI-compatible server of your own, such as http://localhost:8000/v1, or another Ollama host",
    )
    llm_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="the key for it, the only one that LLM_BASE_URL is sent; without either, the provider's own "
        "variable such as OPENAI_API_KEY counts, from the environment but not from .env",
    )
    llm_timeout: float = Field(
        default=60.0,
        gt=0,
        description="seconds that an answer of the language model may take in all",
    )
    llm_context_tokens: int = Field(
        default=0,
        ge=0,
        description="tokens of prompt and answer together; 0 is what LangChain knows of the model, else 8192",
    )

    dateline_contact: str = Field(
        default="",
        description="an address or page that servers are told, so that they can complain to you",
    )
    dateline_host_pause: float = Field(
        default=1.0,
        ge=0,
        description="seconds between two requests to one host, more when its robots.txt says so",
    )
    dateline_pages_per_run: int = Field(
        default=2000,
        ge=1,
        description="pages fetched in one run at most",
    )
    dateline_pages_per_source: int = Field(
        default=200,
        ge=1,
        description="pages fetched for one source in one run at most",
    )
    dateline_recheck_hours: float = Field(
        default=72.0,
        ge=0,
        description="age until which an article is asked for again, to see corrections",
    )
    dateline_allow_private_hosts: str = Field(
        default="",
        description="private hosts and networks that may be fetched from, such as intranet.example, 10.1.0.0/16",
    )

    discord_token: SecretStr = Field(
        default=SecretStr(""),
        description="the bot's token, from Discord's Developer Portal; `dateline discord` says how to get one",
    )
    discord_reindex_minutes: int = Field(
        default=30,
        ge=0,
        description="minutes between two looks at the sources while the Discord bot runs; 0 to look only when asked to",
    )
    discord_thread_days: int = Field(
        default=30,
        ge=1,
        description="days after which a conversation on Discord that has ended is forgotten",
    )

    @field_validator("dateline_home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def archive_url(self) -> str:
        """SQLAlchemy URL of the archive."""
        return self.dateline_database_url or f"sqlite:///{self.dateline_home / 'archive.db'}"

    @property
    def journal_url(self) -> str:
        """SQLAlchemy URL of the journal; a file of its own, so that asking never waits for indexing."""
        return self.dateline_database_url or f"sqlite:///{self.dateline_home / 'journal.db'}"


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        UsageError: a setting has a value that cannot be used; it is named.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise UsageError(f"the setting {name} cannot be used: {first['msg']}", hint="see .env.example") from error
