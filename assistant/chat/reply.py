"""One reply on its way to the page, as those tell of it who work on it."""

import time
from collections.abc import Callable
from typing import Literal

from assistant.chat.desk import Turn
from assistant.records import Answer


class Reply:
    """A reply to one message. Told by threads of several kinds."""

    def __init__(self, has_come: Callable[["Reply", Answer | Turn], None] | None = None) -> None:
        """`has_come` is called when it is on the page, once or more often."""
        self._has_come = has_come
        self._began = time.monotonic()
        self._first: float | None = None
        self.state: Literal["waiting", "under way"] = "waiting"

    def waits(self) -> None:
        """It waits for its turn."""
        self.state = "waiting"

    def begun(self) -> None:
        """It is being worked out."""
        self.state = "under way"

    def words(self) -> None:
        """Words of it are there."""
        if self._first is None:
            self._first = self.seconds

    def came(self, said: Answer | Turn) -> None:
        """It is on the page."""
        if self._has_come:
            self._has_come(self, said)

    @property
    def seconds(self) -> float:
        """Since it was asked for."""
        return time.monotonic() - self._began

    @property
    def first_words(self) -> float:
        """Seconds until words of it were there: until now if it came as a whole."""
        return self.seconds if self._first is None else self._first
