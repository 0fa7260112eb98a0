"""Embeddings by text and model, cached: a text that was encoded once is not encoded again."""

import hashlib
import sqlite3
from collections.abc import Sequence

import numpy as np

from assistant.index.ledger.sql import marks, parts, transaction
from assistant.models.embedding import Vectors

# An id, the document that it belongs to, and the key of its embedding.
Row = tuple[str, str, bytes]


def text_key(text: str) -> bytes:
    """The key of a text in the cache of embeddings: 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def each_once(rows: Sequence[Row]) -> list[Row]:
    """Of equal texts in one document the first stands for all: a search cannot tell them apart,
    and many equal vectors cut others off."""
    first: dict[tuple[str, bytes], Row] = {}
    for row in sorted(rows):
        first.setdefault((row[1], row[2]), row)
    return list(first.values())


class EmbeddingRecords:
    """The cached embeddings of one ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def missing(self, keys: Sequence[bytes], model: str) -> set[bytes]:
        """Those of the keys for which no vector of that model is cached."""
        missing = set(keys)
        for part in parts(list(missing)):
            missing -= {
                key
                for (key,) in self._db.execute(
                    f"SELECT key FROM embeddings WHERE model = ? AND key IN ({marks(part)})",
                    (model, *part),
                )
            }
        return missing

    def add(self, keys: Sequence[bytes], vectors: Vectors, model: str) -> None:
        """Cache vectors, shape (keys, dimension)."""
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                [(key, model, row.tobytes()) for key, row in zip(keys, vectors, strict=True)],
            )

    def get(self, keys: Sequence[bytes], model: str) -> Vectors:
        """Cached vectors in the order of the keys, all of which must be there."""
        if not keys:
            return np.zeros((0, 0), dtype=np.float32)
        found: dict[bytes, bytes] = {}
        for part in parts(list(set(keys))):
            found |= dict(
                self._db.execute(
                    "SELECT key, vector FROM embeddings"
                    f" WHERE model = ? AND key IN ({marks(part)})",
                    (model, *part),
                )
            )
        flat = b"".join(found[key] for key in keys)
        return np.frombuffer(flat, dtype=np.float32).reshape(len(keys), -1)
