"""What the commands share: options, the open assistant, and the place where errors become
messages."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import Assistant, index_summary
from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings
from assistant.terminal import TerminalProgress
from evals.cases import Case, read_datasets
from evals.evaluate import opened

DATASETS = Path(__file__).parent / "datasets"

DatasetOption = Annotated[
    list[Path] | None, typer.Option("--dataset", help="A YAML file of cases; all shipped if none.")
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.")]


def cases_of(datasets: list[Path] | None) -> list[Case]:
    """The cases of these files, or of all that are shipped. Raises UsageError, DatasetError."""
    return read_datasets(datasets or sorted(DATASETS.glob("*.yaml")))


def settings_of(index: Path | None) -> Settings:
    """The settings in force, over an index that must be there if it is named. Raises
    SettingsError, IndexMissing, IndexOutdated, IndexDamaged."""
    settings = read_settings()
    if index is None:
        return settings
    named = settings.model_copy(update={"index": index})
    index_summary(named)  # a mistyped folder is said to be none, and not built
    return named


@contextmanager
def opened_over(index: Path | None) -> Iterator[Assistant]:
    """The assistant over that index, or over the one in force."""
    with opened(settings_of(index), TerminalProgress()) as assistant:
        yield assistant


@contextmanager
def failures() -> Iterator[None]:
    """Errors as messages. What keeps a run from happening is no failed gate: it exits with 2."""
    try:
        yield
    except KeyboardInterrupt as stop:
        print("Stopped. With --out, the same command goes on from here.", file=sys.stderr)
        raise typer.Exit(128 + signal.SIGINT) from stop
    except AssistantError as error:
        print(f"{error.name}: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
