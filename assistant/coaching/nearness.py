"""How near texts are in meaning, by the embedding model."""

import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from assistant.models.embedding import EmbeddingModel, Vectors


class Nearness:
    """A text to its cosines with others, -1 to 1; 0 if there is no text. What it is compared with
    comes from files and is encoded once: what `expected` gives at the first question of all, so
    that it is done in one go."""

    def __init__(
        self, model: EmbeddingModel, expected: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._model = model
        self._expected = expected
        self._known: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """The cosines, in the order of the others. Raises ModelError."""
        if not text.strip() or not others:
            return [0.0] * len(others)
        self._know(others)
        vectors = np.stack([self._known[other] for other in others])
        return [float(cosine) for cosine in vectors @ self._model.encode_question(text)]

    def _know(self, texts: Sequence[str]) -> None:
        """Encode what is not known yet."""
        with self._lock:  # two at once would both encode everything
            wanted = texts if self._known else (*self._expected(), *texts)
            new = [text for text in dict.fromkeys(wanted) if text not in self._known]
            if new:
                self._known |= dict(zip(new, self._model.encode(new), strict=True))
