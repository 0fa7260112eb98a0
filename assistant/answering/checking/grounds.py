"""What a sentence may lean on, and what is read of it, once for all sentences of an answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.answering.checking.wording import Stems, Wording
from assistant.answering.checking.words import plain

Likeness = Callable[[Sequence[str]], NDArray[np.float32]]
"""Words to unit vectors, shape (words, n): like words are near."""


@dataclass(frozen=True)
class Ground:
    """What a sentence may lean on: the sentences of a passage in their order, and its title and
    headings, whose words are taken for known."""

    sentences: tuple[str, ...]
    context: str = ""


class Reading:
    """A ground, read as far as it was asked for."""

    def __init__(self, ground: Ground, stems: Stems, likeness: Likeness) -> None:
        self.sentences = tuple(Wording(text, stems) for text in ground.sentences)
        self.context = Wording(ground.context, stems)
        self._ground = ground
        self._likeness = likeness

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """Its sentences, each as `bare` leaves it."""
        return tuple(bare(text) for text in self._ground.sentences)

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """A row for each of its words."""
        return self._likeness(list(self._rows))

    @cached_property
    def places(self) -> tuple[NDArray[np.intp], ...]:
        """The rows of `vectors` that belong to each sentence: its words, and the context's."""
        around = self.context.lower
        return tuple(
            np.array(sorted(self._rows[word] for word in one.lower | around), dtype=np.intp)
            for one in self.sentences
        )

    @cached_property
    def _rows(self) -> dict[str, int]:
        said = (w.lower for one in (*self.sentences, self.context) for w in one.words)
        return {word: n for n, word in enumerate(dict.fromkeys(said))}


def bare(text: str) -> str:
    """The text without quotation marks and full stops."""
    text = re.sub(r"[‐‑‒–—−]", "-", plain(text).lower()).replace('"', "")
    return re.sub(r"[.!;:]+(?=\s|$)", "", text).strip(" '()")
