"""Texts to unit vectors, and counting word pieces: what the rest of the product knows of the model.

The default weights (all-MiniLM-L6-v2) come inside a package, so nothing is downloaded.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import ModelError
from assistant.models.encoder import Encoder
from assistant.models.encoder import NotExported as NotExported
from assistant.models.encoder import Vectors as Vectors
from assistant.models.encoder.exported import VERSION, ExportedEncoder, Facts
from assistant.models.encoder.lanes import batches_of, gathered, in_lanes
from assistant.models.encoder.shipped import NAME, SHA256, sha256_of

if TYPE_CHECKING:
    from assistant.models.encoder.reference import Dtype, ReferenceEncoder

Progress = Callable[[int], None]


class EmbeddingModel:
    """A sentence-transformers model, loaded at its first use. Safe to share between threads."""

    def __init__(
        self, name: str | None = None, dtype: "Dtype" = "float32", exports: Path | None = None
    ) -> None:
        """The shipped model, or one of a folder. `exports`: where a form of it is kept, if it was
        written, that loads at once. `dtype` is that of documents."""
        self.name = name or NAME
        self._location = name
        self._dtype = dtype
        self.exports = exports
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._reference: ReferenceEncoder | None = None
        self._last: tuple[str, Vectors | None] = ("", None)
        self._remembered: dict[tuple[str, ...], Vectors] = {}
        self._words: dict[str, Vectors] = {}

    @cached_property
    def weights(self) -> str:
        """The name of the weights, with what tells them from others."""
        if self._location is None:
            return f"{NAME}@{SHA256[:12]}"
        folder = Path(self._location)
        if not folder.is_dir():
            return self._location
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("*.bin")):
            digest.update(sha256_of(path).encode())
        return f"{folder.name}@{digest.hexdigest()[:12]}"

    @property
    def fingerprint(self) -> str:
        """What vectors depend on: weights and number type. Vectors of another are no use."""
        return f"{self.weights}/{self._dtype}"

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, shape (texts, dimension), in the order of the texts.

        `progress` is told how many more texts are done. Raises ModelError.
        """
        encoder = self._loaded() if self._dtype == "float32" else self._reference_loaded()
        batches = batches_of(_pieces(encoder, texts))
        # A few texts of a question are not worth threads of their own.
        with encoder.lanes() if len(batches) > 1 else nullcontext():
            parts = in_lanes(
                texts, batches, lambda some: encoder.encode(some, "document"), progress
            )
            return gathered(len(texts), encoder.dimension, parts)

    def encode_once(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode`, remembered with the model: for few texts that never change."""
        key = tuple(texts)
        if key not in self._remembered:
            self._remembered[key] = self.encode(key)
        return self._remembered[key]

    def encode_question(self, question: str) -> Vectors:
        """The question's unit vector, shape (dimension,). Raises ModelError.

        The last one is remembered: a question that was answered is often searched for as well.
        """
        asked, vector = self._last
        if vector is None or asked != question:
            vector = self._loaded().encode([question], "question")[0]
            vector.setflags(write=False)
            self._last = (question, vector)
        return vector

    def word_vectors(self, words: Sequence[str]) -> Vectors:
        """What single words mean outside any sentence: unit vectors, shape (words, n), from the
        table with which the model begins to read. Costs next to nothing, and tells less than
        `encode`. Raises ModelError."""
        new = [word for word in dict.fromkeys(words) if word not in self._words]
        if new:
            table = self._table()
            pieces = self._loaded().counter.encode_batch(new, add_special_tokens=False)
            for word, parts in zip(new, pieces, strict=True):
                vector = table[parts.ids].mean(0) if parts.ids else np.zeros(table.shape[1])
                length = float(np.linalg.norm(vector)) or 1.0
                self._words[word] = (vector / length).astype(np.float32)
        return np.array([self._words[word] for word in words], dtype=np.float32)

    def _table(self) -> Vectors:
        return self._loaded().words()

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens left out. Raises ModelError."""
        return _pieces(self._loaded(), texts)

    @property
    def dimension(self) -> int:
        """Numbers in a vector. Raises ModelError."""
        return self._loaded().dimension

    def load(self) -> None:
        """Load now rather than at the first text. Raises ModelError."""
        self._loaded()

    @property
    def graph(self) -> Facts | None:
        """What is known of the form that loads at once; None if it is not there, or damaged."""
        found = self._loaded_graph()
        return found.facts if found else None

    def export(self, texts: Sequence[str]) -> None:
        """Write the form that loads at once, unless it is there, and compare it by some of the
        texts. Raises ModelError, NotExported (with why; all works without), OSError."""
        if self._graph_folder is None or self.graph:
            return
        from assistant.models.encoder.export import export, require_exporter
        from assistant.models.encoder.reference import ReferenceEncoder

        require_exporter()
        # Written from full numbers whatever those of documents are: it reads the questions.
        reference = (
            self._reference_loaded()
            if self._dtype == "float32"
            else ReferenceEncoder(self._location, "float32")
        )
        export(reference, self.weights, self._graph_folder, texts)
        with self._lock:
            self._encoder = ExportedEncoder(self._graph_folder)
            if self._reference is reference:
                self._reference = None

    @property
    def _graph_folder(self) -> Path | None:
        """The folder of the form that loads at once, which is named by the weights."""
        if self.exports is None:
            return None
        name = hashlib.sha256(f"{VERSION} {self.weights}".encode()).hexdigest()[:12]
        return self.exports / name

    def _loaded_graph(self) -> ExportedEncoder | None:
        """One that is damaged is as if it were not there: the next build writes it again."""
        with self._lock:
            if not isinstance(self._encoder, ExportedEncoder) and self._graph_folder:
                with suppress(ModelError):
                    self._encoder = ExportedEncoder(self._graph_folder)
            return self._encoder if isinstance(self._encoder, ExportedEncoder) else None

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            with self._lock:
                if self._encoder is None:
                    self._encoder = self._loaded_graph() or self._reference_loaded()
        return self._encoder

    def _reference_loaded(self) -> "ReferenceEncoder":
        with self._lock:
            if self._reference is None:
                from assistant.models.encoder.reference import ReferenceEncoder

                self._reference = ReferenceEncoder(self._location, self._dtype)
            return self._reference


def _pieces(encoder: Encoder, texts: Sequence[str]) -> list[int]:
    encoded = encoder.counter.encode_batch(list(texts), add_special_tokens=False)
    return [len(one.ids) for one in encoded]
