"""Stand-ins for what is slow or outside: each has the interface of the real thing."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from assistant.models.embedding import BATCH, EmbeddingModel, Progress, Vectors


class WordHashModel(EmbeddingModel):
    """Vectors from hashed words: texts that share words are near. No weights, no torch."""

    DIMENSION = 64

    def __init__(self, name: str = "word-hash") -> None:
        super().__init__(name)
        self.encoded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self.name

    @property
    def dimension(self) -> int:
        return self.DIMENSION

    def load(self) -> None:
        pass

    def encode(
        self, texts: Sequence[str], batch: int = BATCH, progress: Progress | None = None
    ) -> Vectors:
        self.encoded += texts
        if progress:
            progress(len(texts))
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            len(texts), self.DIMENSION
        )

    def encode_question(self, question: str) -> Vectors:
        return self._vector(question)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.DIMENSION, dtype=np.float32)
        for word in text.lower().split():
            digest = hashlib.sha256(word.strip(".,:;?!").encode()).digest()
            vector[digest[0] % self.DIMENSION] += 1 if digest[1] % 2 else -1
        vector[0] += 0.01  # never a zero vector
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class SilentProgress:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[str, int]] = []

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        self.steps.append((name, total))
        yield lambda done: None

    def say(self, message: str) -> None:
        self.said.append(message)
