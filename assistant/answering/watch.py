"""Somebody who looks on while an answer is written, and may stop it."""

import threading
from collections.abc import Sequence

from assistant.records import Citation, Claim


class Watch:
    """Told what happens, in the thread that writes. This one passes over everything.

    Setting `stop` ends the writing with `Stopped`.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()

    def waits(self) -> None:
        """What is wanted waits for its turn: others are being answered."""

    def begun(self) -> None:
        """Its turn has come."""

    def words(self, text: str) -> None:
        """The next words of the draft, plain text without numbers of passages. A line break
        begins another paragraph or item."""

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """The next sentence of which words were told has been checked: at once, or, if it names no
        passage, with the one after it. `citations` hold those that the claim names, with the
        numbers that they have in the answer if nothing is left out."""

    def again(self) -> None:
        """The draft is complete, and what it lacks support for is asked for once more."""
