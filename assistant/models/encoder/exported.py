"""An encoder that was written down as a graph, read by onnxruntime: as good as
sentence-transformers at a small part of its start."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import ModelError
from assistant.models.encoder import Kind, Vectors
from assistant.models.encoder.shipped import sha256_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GRAPH, WEIGHTS, TOKENIZER, FACTS = (
    "encoder.onnx",
    "encoder.onnx.data",
    "tokenizer.json",
    "facts.json",
)
INPUTS, OUTPUT = ("input_ids", "attention_mask"), "vector"
VERSION = 1  # of what is in the folder


class Facts(BaseModel):
    """What is said beside an exported encoder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    weights: str
    """The name of the weights, as `EmbeddingModel.weights` gives it."""
    dimension: int
    longest: int
    """Word pieces that it reads of a text, special ones counted."""
    before_question: str
    before_document: str
    padding: int
    words: tuple[int, int, int]
    """Where the table of word pieces begins in the weights (bytes), its rows and columns."""
    least_cosine: float
    """Between its vectors and those of sentence-transformers, of all texts that were compared."""
    compared: int
    sha256: dict[str, str]


class ExportedEncoder:
    """An encoder of a folder that `export` wrote."""

    def __init__(self, folder: Path) -> None:
        """Read it. Raises ModelError if it is not whole."""
        self._folder = folder
        self.facts = _facts(folder)
        for name, expected in self.facts.sha256.items():
            if not (folder / name).is_file() or sha256_of(folder / name) != expected:
                raise _damaged(folder)
        import onnxruntime  # a fifth of a second
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One thread a batch: see `lanes`. A question is too short to be worth two.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            folder / GRAPH, options, providers=["CPUExecutionProvider"]
        )
        self.counter: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self.facts.dimension

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Unit vectors of one batch."""
        before = self.facts.before_question if kind == "question" else self.facts.before_document
        encoded = self._cutting.encode_batch([before + text for text in texts])
        longest = max(len(one.ids) for one in encoded)
        pieces = np.full((len(texts), longest), self.facts.padding, dtype=np.int64)
        known = np.zeros_like(pieces)
        for n, one in enumerate(encoded):
            pieces[n, : len(one.ids)] = one.ids
            known[n, : len(one.ids)] = 1
        (vectors,) = self._session.run([OUTPUT], dict(zip(INPUTS, (pieces, known), strict=True)))
        found: Vectors = vectors
        return found

    def lanes(self) -> AbstractContextManager[None]:
        """Nothing to do: every batch is computed by one thread."""
        return nullcontext()

    def words(self) -> Vectors:
        """A row for each word piece that the model knows, read from the disk where it is used."""
        begin, rows, columns = self.facts.words
        place = self._folder / WEIGHTS
        return np.memmap(place, np.float32, "r", offset=begin, shape=(rows, columns))

    @cached_property
    def _cutting(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(self.counter.to_str())
        copy.enable_truncation(self.facts.longest)
        return copy


def _facts(folder: Path) -> Facts:
    try:
        return Facts.model_validate(json.loads((folder / FACTS).read_text("utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise _damaged(folder) from error


def _damaged(folder: Path) -> ModelError:
    return ModelError(
        f"The encoder in {folder} is damaged.", "Remove that folder, and run: assistant build"
    )
