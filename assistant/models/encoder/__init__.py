"""What turns texts into vectors: sentence-transformers is the reference; a copy of its model that
was written down as a graph (ONNX) gives the same vectors, and loads in a fraction of a second."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Kind = Literal["document", "question"]  # some models read them with different words before them


class NotExported(Exception):
    """An encoder that cannot be written down, or gives other vectors then. Says why."""


class Encoder(Protocol):
    """A model that is loaded. Safe to share between threads."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def counter(self) -> "Tokenizer":
        """Its tokenizer, which neither cuts nor pads."""

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Unit vectors of one batch, shape (texts, dimension)."""

    def lanes(self) -> AbstractContextManager[None]:
        """Within it, each thread that begins computes its batches alone."""

    def words(self) -> Vectors:
        """A row for each word piece that the model knows."""
