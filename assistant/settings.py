"""Settings: environment variables and `.env`, prefix `ASSISTANT_`, read once by a front door."""

import os
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import PositiveInt, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import SettingsError

PREFIX = "ASSISTANT_"


def default_index() -> Path:
    """The index folder where none is named: in the user's own data directory."""
    return user_data_path("implementation-assistant", appauthor=False) / "index"


class Settings(BaseSettings):
    """All settings. Field names without the prefix, in upper case, are the variables' names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=None, env_ignore_empty=True, extra="forbid", frozen=True
    )

    index: Path | None = None
    """Folder of the index; the user's data directory if not set."""
    corpus: Annotated[tuple[Path, ...], NoDecode] = ()
    """Folders of guidance, separated as in PATH; the shipped library if not set."""
    embedding_model: str | None = None
    """A sentence-transformers model: a folder or a name; the shipped weights if not set."""
    embedding_dtype: Literal["float32", "bfloat16"] = "float32"
    engine: Literal["extractive"] = "extractive"
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
        problems += [
            f"{PREFIX}{str(fault['loc'][0]).upper()} is {fault['input']!r}: {fault['msg']}."
            for fault in error.errors()
        ]
    if problems or settings is None:
        raise SettingsError(
            " ".join(problems),
            f"The settings are: {', '.join(sorted(known))}. Correct or unset it.",
        )
    return settings
