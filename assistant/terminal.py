"""Progress and messages in a terminal, on standard error so that output stays clean."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class TerminalProgress:
    """Bars for what takes long, lines for what is worth saying."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar that is moved on by the function it gives; none if nobody looks on."""
        if not total or not self._console.is_terminal:
            yield lambda _: None
            return
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.advance(task, done)

    @contextmanager
    def waiting(self, reason: str) -> Iterator[None]:
        """A sign of life while nothing can be counted; nothing at all if nobody looks on."""
        if self._console.is_terminal:
            with self._console.status(reason):
                yield
        else:
            yield

    def say(self, message: str) -> None:
        """One line to the person who waits."""
        print(message, file=sys.stderr, flush=True)
