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

    def words(self, text: str) -> None:
        """The next words of the draft, plain text without numbers of passages. A line break
        begins another paragraph or item."""

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """The sentence of which the last words were told has been checked. `citations` are those
        that the claim names, with the numbers that they have in the answer if nothing is left
        out."""

    def again(self) -> None:
        """The draft is complete, and what it lacks support for is asked for once more."""
