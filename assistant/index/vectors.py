"""The only door to Chroma: one directory a generation, written once, then only read.

Two writers on one Chroma folder lose vectors silently, so a generation is never changed after
it was verified: the next build writes a new directory.
"""

import math
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import IndexDamaged
from assistant.index.storage import VectorStoreFailure
from assistant.models.embedding import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_NO_SPACE = 256 * 1024  # bytes; less is left only if something could not be written
_OVERLOOKED = 0.02  # of probes: what a graph may overlook, in which nothing is lost
_SAME = 1e-4  # cosine distance below which a vector has found itself (float32 and HNSW rounding)
# Of the ten nearest of 100,000 mixtures of real sentences' vectors, the share that is found, and
# the CPU of writing them: neighbours 32, construction 100, search 400: 0.99, 177 s; 32, 200, 200:
# 0.99, 285 s; 32, 100, 200: 0.97; 16, 200, 400: 0.97. A wider search costs 1 ms of 4.
_WIDTH, _WIDE_UNTIL = 400, 100_000
_HNSW = {"space": "cosine", "ef_construction": 100, "max_neighbors": 32}

# Chroma's register of open folders, one for the process, is not safe for threads: a folder that one
# closes while another opens it was neither open nor closed.
_opening = threading.Lock()


class VectorGeneration:
    """One Chroma directory with the vectors of all chunks and of all signposts.

    Chroma's own errors leave it as VectorStoreFailure: nobody else has to know Chroma.
    """

    def __init__(self, folder: Path, chunks: int = 0, signposts: int = 0) -> None:
        """Open it. A new one will be searched as so many `chunks` and `signposts` need."""
        self.folder = folder
        with _chroma_errors(folder):
            with _opening:
                self._client = _client(folder)
            self.chunks = VectorCollection(self._client, "chunks", folder, chunks)
            self.signposts = VectorCollection(self._client, "signposts", folder, signposts)

    def close(self) -> None:
        """Give back files and memory."""
        with _opening:
            self._client.close()


class VectorCollection:
    """Vectors of one kind, each with an id and the document that it belongs to."""

    def __init__(self, client: "ClientAPI", name: str, folder: Path, count: int = 0) -> None:
        self.folder = folder
        self._client = client
        hnsw: Any = _HNSW | {"ef_search": search_width(count)}
        self._collection = client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": hnsw}
        )

    def add(
        self,
        ids: Sequence[str],
        documents: Sequence[str],
        vectors: Vectors,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Append vectors of shape (n, dim): their ids, the documents they belong to."""
        step = min(2000, self._client.get_max_batch_size())
        for first in range(0, len(ids), step):
            part = slice(first, first + step)
            with _chroma_errors(self.folder):
                self._collection.add(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"document_id": document} for document in documents[part]],
                )
            if progress:
                progress(len(ids[part]))

    def widen(self, count: int) -> None:
        """Let searches be as wide as so many vectors need, from the next opening on. Fails
        where Chroma is still busy with what was written before."""
        width = search_width(count)
        if width > self._collection.configuration_json["hnsw"]["ef_search"]:
            with _chroma_errors(self.folder), warnings.catch_warnings():
                # Chroma calls a collection that embeds nothing itself one of an old kind.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._collection.modify(configuration={"hnsw": {"ef_search": width}})

    def remove(self, ids: Sequence[str]) -> None:
        """Mark vectors as removed: no search finds them any more."""
        step = min(2000, self._client.get_max_batch_size())
        for first in range(0, len(ids), step):
            with _chroma_errors(self.folder):
                self._collection.delete(ids=list(ids[first : first + step]))

    def verify(self, count: int, probes: Sequence[str], vectors: Vectors) -> None:
        """Check that so many vectors are there, and that those probed find themselves, but for the
        few that a graph of very many overlooks: these must be what they should be.

        `probes` are ids, `vectors` has a row for each. Raises IndexDamaged.
        """
        with _chroma_errors(self.folder):
            there = self._collection.count()
        if there != count:
            raise IndexDamaged(
                f"The vector store holds {there} of {count} vectors.", "Run: assistant build"
            )
        overlooked: list[int] = []
        for first in range(0, len(probes), 500):
            with _chroma_errors(self.folder):
                found = self._collection.query(
                    query_embeddings=vectors[first : first + 500],
                    n_results=1,
                    include=["distances"],
                )
            distances = [row[0] if row else 2.0 for row in found["distances"] or []]
            overlooked += [first + n for n, far in enumerate(distances) if far > _SAME]
        lost = self._lost([probes[n] for n in overlooked], vectors[overlooked])
        if not lost and len(overlooked) > _OVERLOOKED * len(probes):
            lost = [probes[n] for n in overlooked]
        if lost:
            raise IndexDamaged(
                f"The vector of {lost[0]} cannot be found again.", "Run: assistant build"
            )

    def _lost(self, ids: Sequence[str], vectors: Vectors) -> list[str]:
        """Those of the ids that do not have these vectors."""
        if not ids:
            return []
        with _chroma_errors(self.folder):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        have = dict(zip(found["ids"], np.asarray(found["embeddings"]), strict=True))
        return [
            name
            for name, vector in zip(ids, vectors, strict=True)
            if name not in have or float(have[name] @ vector) < 1 - _SAME
        ]

    def nearest(
        self, vector: Vectors, k: int, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The `k` nearest as (id, cosine similarity), best first, ties by id.

        `only` and `without` name documents. Similarities are rounded to 5 digits.
        """
        with _chroma_errors(self.folder):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis, :],
                n_results=k,
                where=_where(only, without),
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        pairs = [(i, round(1 - d, 5)) for i, d in zip(found["ids"][0], distances, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def search_width(count: int) -> int:
    """How many of so many vectors a search keeps in view. Of the ten nearest of a million, 400
    find 0.91, 800 0.95, 1,600 0.98."""
    return round(_WIDTH * math.pow(max(1.0, count / _WIDE_UNTIL), 0.6))


@contextmanager
def _chroma_errors(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        # Chroma names a full disk in many ways, some of which do not mention it.
        is_full = shutil.disk_usage(folder if folder.exists() else folder.parent).free < _NO_SPACE
        raise VectorStoreFailure(f"{error}{' (the disk is full)' if is_full else ''}") from error


def _client(folder: Path) -> "ClientAPI":
    import chromadb  # heavy: about 1 s
    from chromadb.config import Settings

    # Settings would read a .env of the working directory that is not Chroma's own.
    settings = Settings(
        _env_file=None,
        anonymized_telemetry=False,
        allow_reset=False,
    )
    return chromadb.PersistentClient(path=str(folder), settings=settings)


def _where(only: Sequence[str], without: Sequence[str]) -> Any:
    clauses: list[dict[str, Any]] = []
    if only:
        clauses.append({"document_id": {"$in": list(only)}})
    if without:
        clauses.append({"document_id": {"$nin": list(without)}})
    return {"$and": clauses} if len(clauses) == 2 else clauses[0] if clauses else None
