"""What goes between the benchmark and a stack. Imports nothing of ours: what a process of another
stack weighs is then its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol


class Doc(NamedTuple):
    """A document as every stack is given it."""

    id: str
    title: str
    text: str


class Found(NamedTuple):
    """A passage that a stack retrieved: its text, and where the stack says that it begins in the
    document's text, if it says so."""

    document_id: str
    text: str
    start: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a stack works, and with what: a folder of weights, one for its index, the folders of
    files that ours reads, and which form of the stack is meant."""

    weights: Path
    folder: Path
    corpus: tuple[Path, ...] = ()
    form: str = ""


Search = Callable[[str, int], Sequence[Found]]


class Stack(Protocol):
    """What each module of a stack offers."""

    def build(self, documents: Sequence[Doc], place: Place) -> int:
        """Write an index of the documents; how many chunks it has."""

    def opened(self, place: Place) -> Search:
        """What finds the best passages for a question, over the index that was written."""
