"""The only door to sentence-transformers' encoders. Its vectors are what others must give."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from assistant.errors import ModelError
from assistant.models.encoder import Kind, Vectors
from assistant.models.encoder.shipped import NAME, shipped_weights
from assistant.models.loading import loading_errors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Dtype = Literal["float32", "bfloat16"]
_DEFAULT_BATCH = 32  # of sentence-transformers


class ReferenceEncoder:
    """A sentence-transformers model."""

    def __init__(self, location: str | None, dtype: Dtype) -> None:
        """Load the model of a folder, or the shipped one. Raises ModelError."""
        self.model = _loaded(location, dtype)

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector. Raises ModelError if the model does not say it."""
        dimension: int | None = self.model.get_embedding_dimension()
        if dimension is None:
            raise ModelError("The embedding model does not say its dimension.", "Use another.")
        return dimension

    @cached_property
    def counter(self) -> "Tokenizer":
        """A copy of the model's tokenizer that neither cuts nor pads, so that it really counts."""
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        copy.no_truncation()
        copy.no_padding()
        return copy

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Unit vectors of one batch."""
        return self._vectors(texts, kind, len(texts))

    @contextmanager
    def lanes(self) -> Iterator[None]:
        """Within it, torch gives the threads that begin no others to help them."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def encode_by_default(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors as sentence-transformers computes them when nothing is asked for: in batches
        of 32, with all threads for each. For comparisons."""
        return self._vectors(texts, "document", _DEFAULT_BATCH)

    def words(self) -> Vectors:
        """A row for each word piece that the model knows."""
        weight: Any = self.model[0].auto_model.get_input_embeddings().weight
        table: Vectors = weight.detach().float().numpy()
        return table

    def _vectors(self, texts: Sequence[str], kind: Kind, batch: int) -> Vectors:
        encode: Any = self.model.encode_query if kind == "question" else self.model.encode_document
        vectors: Vectors = encode(
            list(texts), batch_size=batch, convert_to_numpy=True, normalize_embeddings=True,
            show_progress_bar=False,
        )  # fmt: skip
        full: Vectors = vectors.astype("float32")
        # Half the bits leave lengths of 1.004 and the like.
        full /= np.maximum(np.linalg.norm(full, axis=1, keepdims=True), 1e-12)
        return full


def _loaded(location: str | None, dtype: Dtype) -> "SentenceTransformer":
    folder: str | Path = location or shipped_weights()
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch  # heavy: 4 to 7 s together
    from sentence_transformers import SentenceTransformer

    with loading_errors(
        f"The embedding model {location or NAME!r}",
        "Set ASSISTANT_EMBEDDING_MODEL to the folder of a sentence-transformers model, "
        "or unset it to use the shipped one.",
    ):
        return SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False,
            model_kwargs={"dtype": getattr(torch, dtype)},
        )  # fmt: skip
