"""Settings: environment variables and `.env`, prefix `ASSISTANT_`, read once by a front door."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import (
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "ASSISTANT_"
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_SECRET = frozenset({"DATABASE_URL", "METRICS_KEY", "MODEL_KEY", "OAUTH_SECRET"})
_SHORTEST_KEY = 16  # characters: whoever guesses it reads the numbers
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:/.*)?")


def default_index() -> Path:
    """The index folder where none is named: in the user's own data directory."""
    return _data_folder() / "index"


def _data_folder() -> Path:
    return user_data_path("implementation-assistant", appauthor=False)


class Settings(BaseSettings):
    """All settings. Field names without the prefix, in upper case, are the variables' names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=None, env_ignore_empty=True, extra="forbid", frozen=True
    )

    index: Path | None = None
    """Folder of the index; the user's data directory if not set."""
    corpus: Annotated[tuple[Path, ...], NoDecode] = ()
    """Folders of guidance, separated as in PATH; the shipped library if not set."""
    coaching: Path | None = None
    """Folder of coaching data for session plans; the shipped one if not set."""
    embedding_model: str | None = None
    """A sentence-transformers model: a folder or a name; the shipped weights if not set."""
    embedding_dtype: Literal["float32", "bfloat16"] = "float32"
    engine: Literal["extractive", "generative"] | None = None
    """Quotes alone, or a language model that writes; if not set, what `model` allows."""
    model: str | None = None
    """The language model, as provider:name; the providers are openai, openai-like (any server with
    OpenAI's protocol), ollama and anthropic."""
    model_url: str | None = None
    """Address of its server; the provider's own if not set."""
    model_key: SecretStr | None = None
    """Its key, if it needs one."""
    model_context: PositiveInt = 8_000
    """Tokens of a request with its reply that the model has room for."""
    model_first_seconds: PositiveInt = 30
    """Seconds until its first word, new tries included."""
    model_seconds: PositiveInt = 120
    """Seconds until its last word."""
    model_at_once: PositiveInt = 4
    """Requests at the same time."""
    model_price_read: Price | None = None
    """Price of a million tokens that it reads, in any currency, to count what answers cost."""
    model_price_written: Price | None = None
    """Price of a million tokens that it writes."""
    unsupported: Literal["remove", "show"] = "remove"
    """What becomes of a sentence of the model's that its passage does not say: left out, or shown
    as such."""
    second_opinion: str | None = None
    """Who else checks the model's sentences: `model`, or a sentence-transformers CrossEncoder of
    entailment, a folder or a name. It can only find fault."""
    largest_file_mb: PositiveInt = 50
    """Megabytes of a guidance file; text files are limited to 20 in any case."""
    largest_unpacked_mb: PositiveInt = 100
    """Megabytes that a compressed file, or one part of it, may unpack to."""
    most_pages: PositiveInt = 2_000
    """Pages of a PDF."""
    most_characters: PositiveInt = 5_000_000
    """Characters of the text of one file."""
    most_paragraphs: PositiveInt = 100_000
    """Paragraphs, headings, items and rows of one file."""
    reading_seconds: PositiveInt = 60
    """Seconds in which a PDF, DOCX or HTML file must be read."""
    reading_memory_mb: PositiveInt = 1_000
    """Megabytes of memory for that."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names, separated by commas, under which the chat may be opened beside this computer's own."""
    database_url: SecretStr | None = None
    """Where conversations, accounts and feedback are kept; a SQLite file in the user's data
    directory if not set."""
    keep_days: PositiveInt | None = None
    """Days after the last word in a conversation until it is deleted; kept until somebody deletes
    it if not set."""
    uploads: bool = False
    """Whether readers may add documents in the chat, to their conversation; an admin also for
    everybody."""
    largest_upload_mb: PositiveInt = 10
    """Megabytes of such a document."""
    most_uploads: PositiveInt = 5
    """Such documents in one conversation."""
    sign_in: Literal["password", "header", "oauth"] = "password"
    """How people with accounts come in: with a password; by a header with which a proxy that has
    signed them in says who they are (nobody but the proxy may reach the chat then); or with the
    account that they have at a provider of OAuth 2 with OpenID Connect."""
    sign_in_header: str = "X-Forwarded-User"
    """That header."""
    oauth_server: str | None = None
    """Address of that provider: what comes before `/.well-known/openid-configuration`."""
    oauth_client: str | None = None
    """The name under which the provider knows this assistant."""
    oauth_secret: SecretStr | None = None
    """The secret that goes with it, if there is one."""
    oauth_claim: str = "email"
    """What the provider says of somebody that is the name of the account here."""

    traces_url: str | None = None
    """Address of a collector of OpenTelemetry (OTLP over HTTP) to which it is sent how long each
    step of an answer takes, without content; to nobody if not set."""
    log: Literal["text", "json"] | None = None
    """How the chat writes a line on standard error for each event, without content; no lines if
    not set."""
    metrics_key: SecretStr | None = None
    """With this key the numbers at `/metrics` can be read without an account."""

    @property
    def writes(self) -> bool:
        """Whether a language model writes the answers."""
        return self.model is not None and self.engine != "extractive"

    @model_validator(mode="after")
    def _engine_has_a_model(self) -> Self:
        if self.engine == "generative" and self.model is None:
            raise ValueError("no model is named to write with; set ASSISTANT_MODEL as well")
        return self

    @model_validator(mode="after")
    def _oauth_has_a_provider(self) -> Self:
        if self.sign_in == "oauth" and not (self.oauth_server and self.oauth_client):
            raise ValueError(
                "nobody can sign in with oauth before a provider is named; set "
                "ASSISTANT_OAUTH_SERVER and ASSISTANT_OAUTH_CLIENT as well"
            )
        return self

    @field_validator("oauth_server")
    @classmethod
    def _is_encrypted(cls, value: str | None) -> str | None:
        if value and not value.startswith("https://") and not _LOOPBACK.fullmatch(value):
            raise ValueError("must begin with https://, unless it is on this computer")
        return value.rstrip("/") if value else value

    @field_validator("traces_url")
    @classmethod
    def _is_a_web_address(cls, value: str | None) -> str | None:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address that begins with http:// or https://")
        # Where collectors take traces, unless a proxy before it has another place.
        return value if parts.path.strip("/") else f"{value.rstrip('/')}/v1/traces"

    @field_validator("metrics_key")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < _SHORTEST_KEY:
            raise ValueError(f"must have {_SHORTEST_KEY} characters or more")
        return value

    @field_validator("corpus", mode="before")
    @classmethod
    def _split_folders(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part) for part in value.split(os.pathsep) if part)
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @property
    def index_folder(self) -> Path:
        """The index folder in force."""
        return self.index or default_index()

    @property
    def database(self) -> str:
        """The address of the database in force. It may hold a password."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{_data_folder() / 'history.db'}"

    @property
    def uploads_folder(self) -> Path:
        """Where the documents are that readers have added to their conversations."""
        return _data_folder() / "uploads"

    @property
    def secret_file(self) -> Path:
        """Where the secret is with which the chat signs who somebody is."""
        return _data_folder() / "session.secret"


def read_settings(env_file: Path = Path(".env")) -> Settings:
    """The settings in force: the environment first, then `.env` in the working directory.

    Raises SettingsError with every unknown name and every bad value at once.
    """
    try:
        in_file = dotenv_values(env_file)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{env_file} is not UTF-8.", "Save it again as UTF-8.") from error
    from_file = {
        name: value
        for name, value in in_file.items()
        if name.upper().startswith(PREFIX) and value is not None
    }
    from_environment = {name: v for name, v in os.environ.items() if name.startswith(PREFIX)}
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    problems = [
        f"{name} (in {place}) is not a setting."
        for place, names in (("the environment", from_environment), (env_file, from_file))
        for name in names
        if name.upper() not in known
    ]
    values = {
        name.upper().removeprefix(PREFIX).lower(): value
        for name, value in (from_file | from_environment).items()
        if name.upper() in known and value
    }
    settings: Settings | None = None
    try:
        settings = Settings(**values)  # type: ignore[arg-type]  # pydantic parses the strings
    except ValidationError as error:
        problems += [f"{PREFIX}{_at_fault(fault)}: {fault['msg']}." for fault in error.errors()]
    if problems or settings is None:
        raise SettingsError(
            " ".join(problems),
            f"The settings are: {', '.join(sorted(known))}. Correct or unset it.",
        )
    return settings


def _at_fault(fault: "ErrorDetails") -> str:
    """The setting and its value; of the settings together, the one that asks for another."""
    if not fault["loc"]:
        return "SIGN_IN" if "oauth" in fault["msg"] else "ENGINE"
    name = str(fault["loc"][0]).upper()
    return name if name in _SECRET else f"{name} is {fault['input']!r}"
