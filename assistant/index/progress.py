"""How a build tells what it does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Whoever waits for a build."""

    def step(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a step of so many parts; gives a function to call with how many more are done."""

    def say(self, message: str) -> None:
        """Tell the person who waits one thing."""


class Silent:
    """A build that nobody looks at."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Tells nobody."""
        yield lambda _: None

    def say(self, message: str) -> None:
        """Tells nobody."""
