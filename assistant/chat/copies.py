"""Copies of the index that are open, each for those who ask it and for a while after."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.app import Assistant

_OPEN = 8  # at once, of some 50 MB each; more only while they are asked


@dataclass
class _Copy:
    """One that is open: for later questions, and for those that are being answered (`uses`)."""

    assistant: Assistant
    made_from: str
    uses: int

    def let_go(self) -> None:
        """One needs it no more."""
        self.uses -= 1
        if not self.uses:
            self.assistant.close_copy()


class Copies:
    """Assistants over copies of an index, by whose they are. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Hashable, _Copy] = {}

    @contextmanager
    def using(
        self, key: Hashable, made_from: str, make: Callable[[], Assistant]
    ) -> Iterator[Assistant]:
        """The assistant of a key, which nobody closes meanwhile: the one that is open if it was
        made from the same, else the one that `make` gives. One at a time may begin for a key."""
        copy = self._taken(key, made_from)
        if copy is None:
            self.close(key)
            copy = _Copy(make(), made_from, uses=2)
            with self._lock:
                self._open[key] = copy
                for old in list(self._open)[:-_OPEN]:
                    self._open.pop(old).let_go()
        try:
            yield copy.assistant
        finally:
            with self._lock:
                copy.let_go()

    def close(self, key: Hashable) -> None:
        """Close that of a key, as soon as nobody asks it."""
        with self._lock:
            copy = self._open.pop(key, None)
            if copy:
                copy.let_go()

    def close_all(self) -> None:
        """Close every one."""
        for key in list(self._open):
            self.close(key)

    def _taken(self, key: Hashable, made_from: str) -> _Copy | None:
        with self._lock:
            copy = self._open.get(key)
            if copy is None or copy.made_from != made_from:
                return None
            self._open[key] = self._open.pop(key)  # the latest stand last
            copy.uses += 1
            return copy
