"""The commands that serve the chat, and that see whether everything works."""

import sys
from typing import Annotated

import typer

from assistant.cli.common import (
    IndexOption,
    JsonOption,
    failures,
    print_json,
    progress_shown,
    settings_of,
)


def chat(
    host: Annotated[
        str, typer.Option("--host", help="The address to listen at; by default this computer only.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8000,
    index: IndexOption = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
    open_to_all: Annotated[
        bool,
        typer.Option("--open-to-all", help="Let in whoever reaches it, without accounts."),
    ] = False,
) -> None:
    """Open the chat in the browser."""
    with failures(False):
        settings = settings_of(index)
        progress = progress_shown()
        with progress.waiting("Starting"):
            from assistant.chat.server import serve

        serve(settings, host, port, progress, browser and sys.stdout.isatty(), open_to_all)


def check(
    corpus: Annotated[
        bool, typer.Option("--corpus", help="Check the guidance files only.")
    ] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """See whether everything works, and what to do if not."""
    with failures(as_json):
        from assistant.check import check_corpus, check_installation
        from assistant.resources import shipped_corpus

        if corpus:
            settings = settings_of(index)
            checks = check_corpus(settings.corpus or (shipped_corpus(),), settings.coaching)
        else:
            checks = check_installation(index)
        if as_json:
            print_json([one.model_dump(mode="json") for one in checks])
        else:
            for one in checks:
                print(f"{one.state:8} {one.name}: {one.detail}")
                if one.remedy:
                    print(f"{'':8} -> {one.remedy}")
        if any(one.state == "problem" for one in checks):
            raise typer.Exit(1)
