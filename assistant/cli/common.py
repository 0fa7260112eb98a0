"""What the commands share: options, the open assistant, and the one place where errors become
messages and exit codes."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.errors import AssistantError
from assistant.tracing import sent_to, step

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings
    from assistant.store.store import Store
    from assistant.terminal import TerminalProgress

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder of the index, instead of your data folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Use this document only.")]
WithoutOption = Annotated[list[str] | None, typer.Option("--without", help="Leave this one out.")]


def width() -> int:
    """Columns to write in: the terminal's, but no line longer than is pleasant to read."""
    return max(40, min(96, shutil.get_terminal_size((96, 24)).columns))


def settings_of(index: Path | None) -> "Settings":
    """The settings in force, with the index that an option names. Raises SettingsError."""
    from assistant.settings import read_settings

    settings = read_settings()
    return settings.model_copy(update={"index": index}) if index else settings


def progress_shown() -> "TerminalProgress":
    """Progress on standard error."""
    from assistant.terminal import TerminalProgress

    return TerminalProgress()


@contextmanager
def opened(index: Path | None, warm: bool = True) -> Iterator["Assistant"]:
    """The assistant, its model loaded where questions follow."""
    with step("read the settings"):
        settings = settings_of(index)
    progress = progress_shown()
    with sent_to(settings.traces_url, progress.say):
        assistant = _loaded(settings, progress, warm)
        try:
            yield assistant
        finally:
            assistant.close()


@step("load")
def _loaded(settings: "Settings", progress: "TerminalProgress", warm: bool) -> "Assistant":
    with progress.waiting("Loading"):
        from assistant.app import open_assistant

    assistant = open_assistant(settings, progress)
    try:
        if warm:
            with progress.waiting("Loading the model"):
                assistant.warm_up()
    except BaseException:
        assistant.close()
        raise
    return assistant


@contextmanager
def opened_store() -> Iterator["Store"]:
    """What people have left behind, in the database in force."""
    from assistant.settings import read_settings
    from assistant.store.store import open_store

    with closing(open_store(read_settings().database)) as store:
        yield store


def print_json(value: object) -> None:
    """One value on standard output, on one line."""
    print(json.dumps(value, ensure_ascii=False))


@contextmanager
def failures(as_json: bool) -> Iterator[None]:
    """The one place where errors become messages and exit codes."""
    try:
        yield
    except AssistantError as error:
        _fail(error.name, str(error), error.exit_code, as_json)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        raise typer.Exit(130) from None
    except BrokenPipeError:
        # The reader of our output (such as `head`) has left; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


def _fail(name: str, message: str, code: int, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"error": {"type": name, "message": message}})
    else:
        from assistant.render import printable

        print(f"{name}: {printable(message)}", file=sys.stderr)
    raise typer.Exit(code)
