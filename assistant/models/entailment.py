"""The one door to cross-encoders that judge whether a text follows from another."""

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.models.loading import loading_errors

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_FOLLOWS = 0.5  # of a model that gives one number


class EntailmentModel:
    """A sentence-transformers CrossEncoder of entailment, loaded at its first use. Safe to share
    between threads."""

    def __init__(self, name: str) -> None:
        """A folder, or a name that is already on this computer."""
        self.name = name
        self._model: CrossEncoder | None = None
        self._lock = threading.Lock()

    def follows(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        """Whether the second text of each pair follows from the first. Raises ModelError.

        Of a model with classes, the one called entailment must be the likeliest; of a model with
        one number, it must be a half or more.
        """
        if not pairs:
            return []
        model = self.load()
        with self._lock:
            scores: Any = model.predict(list(pairs), show_progress_bar=False)
        if scores.ndim == 1:
            return [float(score) >= _FOLLOWS for score in scores]
        place = self._entailment(model)
        return [int(row.argmax()) == place for row in scores]

    def load(self) -> "CrossEncoder":
        """Load now rather than at the first pair. Raises ModelError."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> "CrossEncoder":
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        from sentence_transformers import CrossEncoder  # with torch, seconds: only when needed

        with loading_errors(
            f"The model for a second opinion {self.name!r}",
            "Set ASSISTANT_SECOND_OPINION to the folder of a CrossEncoder of entailment, or "
            "unset it.",
        ):
            model = CrossEncoder(
                self.name, device="cpu", local_files_only=True, trust_remote_code=False
            )
        self._entailment(model)
        return model

    def _entailment(self, model: "CrossEncoder") -> int:
        """Which class is entailment; of one number, none. Raises ModelError."""
        names = {str(name).lower(): int(n) for n, name in model.config.id2label.items()}
        if len(names) == 1:
            return 0
        found = [n for name, n in names.items() if name in ("entailment", "entail", "supported")]
        if not found:
            raise ModelError(
                f"The model {self.name!r} has no class called entailment: {', '.join(names)}.",
                "Set ASSISTANT_SECOND_OPINION to a CrossEncoder of entailment.",
            )
        return found[0]
