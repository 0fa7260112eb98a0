"""Reading the index while others may be building it: one consistent view a question."""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import IndexDamaged, IndexMissing, IndexOutdated
from assistant.index.build import index_fingerprint
from assistant.index.facts import stale_of
from assistant.index.ledger.documents import Entry
from assistant.index.ledger.embeddings import text_key
from assistant.index.ledger.ledger import Ledger
from assistant.index.locks import FileLock
from assistant.index.places import generation_folder, generation_lock
from assistant.index.storage import storage_errors
from assistant.index.vectors import VectorGeneration
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.records import Chunk, Listed, Page, Sentence, Signpost, Source
from assistant.tracing import step

_TRIES = 20
# The vector store looks at every vector for a filter: of a few documents, these are soon compared.
_FEW_DOCUMENTS, _FEW_CHUNKS = 50, 500
_REMEMBERED = 50_000  # words whose frequency is kept
_MADE = 500  # of what is made once a build
T = TypeVar("T")


class _LookedUp:
    """What is looked up once a build: that takes longer the more there is."""

    def __init__(self, ledger: Ledger, build: int) -> None:
        self.build = build
        self.fingerprint = ledger.contents_fingerprint()
        self._ledger = ledger
        self._frequency: dict[str, int] = {}
        self._made: dict[Hashable, Any] = {}

    @cached_property
    def chunks(self) -> int:
        """How many chunks there are."""
        return self._ledger.chunks.count()

    @cached_property
    def shelves(self) -> dict[str | None, list[str]]:
        """See `View.shelves`."""
        return self._ledger.documents.shelves()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """See `View.once`."""
        if key not in self._made:
            if len(self._made) >= _MADE:
                self._made.clear()
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term stands."""
        known = {term: self._frequency[term] for term in terms if term in self._frequency}
        found = self._ledger.words.document_frequency([term for term in terms if term not in known])
        if len(self._frequency) < _REMEMBERED:
            self._frequency |= found
        return known | found


class View:
    """The index at one commit. Valid inside `Index.view()` only."""

    def __init__(
        self, ledger: Ledger, vectors: VectorGeneration, model: EmbeddingModel, known: _LookedUp
    ) -> None:
        self._ledger = ledger
        self._known = known
        self._vectors = vectors
        self._model = model
        self.fingerprint = known.fingerprint
        """Twelve digits that name this content, indexed this way."""

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What depends on nothing but the index and the key, made once a build."""
        return self._known.once(key, make)

    @step("vectors")
    def nearest(
        self, vector: Vectors, k: int, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Chunk ids by cosine similarity, best first. See `VectorCollection.nearest`."""
        some = sorted(set(only) - set(without))
        if only and len(some) <= _FEW_DOCUMENTS:
            rows = self._ledger.chunks.rows_of(some, _FEW_CHUNKS)
            if rows is not None:
                keys = [key for _, _, key in rows]
                held = self._ledger.embeddings.get(keys, self._model.fingerprint)
                return _nearest_of([name for name, _, _ in rows], held, vector, k)
        return self._vectors.chunks.nearest(vector, k, only, without)

    @step("signposts")
    def nearest_signposts(
        self, vector: Vectors, k: int, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> list[tuple[Signpost, float]]:
        """Signposts with their cosine similarity, best first."""
        near = dict(self._vectors.signposts.nearest(vector, k, only, without))
        return [
            (signpost, near[signpost.id]) for signpost in self._ledger.signposts.get(list(near))
        ]

    def signposts(self, ids: Sequence[str]) -> list[Signpost]:
        """Signposts in the order of the ids."""
        return self._ledger.signposts.get(ids)

    def silent(self, document_ids: Sequence[str]) -> set[str]:
        """Those of the documents that name no question which they answer."""
        return set(document_ids) - self._ledger.signposts.naming_questions(document_ids)

    def signpost_vectors(self, signposts: Sequence[Signpost]) -> Vectors:
        """Cached vectors of signposts, shape (signposts, dimension)."""
        return self.sentence_vectors([signpost.text for signpost in signposts])

    @step("full text")
    def match(
        self, terms: Sequence[str], k: int, only: Sequence[str] = (), without: Sequence[str] = (),
        together: bool = False,
    ) -> list[tuple[str, float]]:  # fmt: skip
        """Chunk ids by BM25, best first. See `Ledger.match`."""
        return self._ledger.words.match(terms, k, only, without, together)

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each stemmed term stands."""
        return self._known.frequency(terms)

    def chunk_count(self) -> int:
        """How many chunks the index holds."""
        return self._known.chunks

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """Chunks in the order of the ids."""
        return self._ledger.chunks.get(ids)

    def chunks_at(self, document_id: str, start: int, end: int) -> list[Chunk]:
        """The chunks of a document that share text with a stretch of it."""
        return self.chunks(self._ledger.chunks.ids_at(document_id, start, end))

    def block(self, document_id: str, block: int) -> list[Sentence]:
        """All sentences of one paragraph or list of a document."""
        return self._ledger.chunks.block(document_id, block)

    def entries(self, document_ids: Sequence[str]) -> dict[str, Entry]:
        """What the index knows of documents, by id."""
        return self._ledger.documents.entries_of(document_ids)

    def all_entries(self) -> dict[str, Entry]:
        """All documents by id."""
        return self._ledger.documents.entries()

    def places(self) -> list[tuple[Path, bool, int, int]]:
        """The files of all documents. See `Ledger.places`."""
        return self._ledger.documents.places()

    def shelves(self) -> dict[str | None, list[str]]:
        """The ids of documents by the folder that they come from; None: added by themselves."""
        return self._known.shelves

    def text_of(self, document_id: str) -> tuple[str, str]:
        """A document's sha256 and text. Raises DocumentNotFound."""
        return self._ledger.texts.of(document_id)

    def source(self, document_id: str, version: str = "") -> Source:
        """A document as a reader opens it, as it was when its sha256 began with `version`.
        Raises DocumentNotFound."""
        sha256, text, replaced = self._ledger.texts.version_of(document_id, version)
        entry = self._ledger.documents.entries_of([document_id])[document_id]
        return Source(
            document_id=entry.id,
            title=entry.title,
            author=entry.author,
            publisher=entry.publisher,
            year=entry.year,
            url=entry.url,
            sha256=sha256,
            text=text,
            parts=() if replaced else tuple(self._ledger.chunks.parts_of(document_id)),
            pages=() if replaced else tuple(self._ledger.pages.of(document_id)),
            file=entry.path.name,
            replaced=replaced,
        )

    def original(self, document_id: str) -> tuple[str, bytes]:
        """The name of a document's file and its bytes as they were indexed. Raises
        DocumentNotFound."""
        path, data = self._ledger.texts.original_of(document_id)
        return path.name, data

    def page_at(self, document_id: str, place: int) -> Page | None:
        """The page on which a character of a document stands; None without pages."""
        return self._ledger.pages.at(document_id, place)

    def listed(self) -> list[Listed]:
        """What the last build made of every document and of every refused file."""
        return self._ledger.files.listed()

    def sentence_vectors(self, texts: Sequence[str]) -> Vectors:
        """Cached vectors of sentences of the index, shape (texts, dimension)."""
        return self._ledger.embeddings.get([text_key(t) for t in texts], self._model.fingerprint)


def _nearest_of(
    ids: Sequence[str], vectors: Vectors, vector: Vectors, k: int
) -> list[tuple[str, float]]:
    """The same as `VectorCollection.nearest`, of vectors at hand."""
    if not ids:
        return []
    near = vectors @ vector
    pairs = [(name, round(float(one), 5)) for name, one in zip(ids, near, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]


class Index:
    """An index that is open for reading. Safe to share between threads: views take turns."""

    @step("open the index")
    def __init__(self, folder: Path, model: EmbeddingModel) -> None:
        """Open it. Raises IndexMissing, IndexOutdated, IndexDamaged or IndexNotWritable."""
        self.folder = folder
        self._model = model
        self._turn = threading.Lock()
        self._vectors: VectorGeneration | None = None
        self._generation = 0
        self._held: FileLock | None = None
        self._known: _LookedUp | None = None
        with storage_errors(folder):
            self._ledger = Ledger(folder)
        try:
            with self.view():
                pass
        except BaseException:
            self.close()
            raise

    @contextmanager
    def view(self) -> Iterator[View]:
        """One consistent view, of the newest build that has gone live."""
        with self._its_turn(), storage_errors(self.folder):
            for _ in range(_TRIES):
                with self._ledger.snapshot():
                    if vectors := self._vectors_now():
                        assert self._known is not None
                        yield View(self._ledger, vectors, self._model, self._known)
                        return
            raise IndexDamaged(
                f"The vectors of the index in {self.folder} are missing.", "Run: assistant build"
            )

    @contextmanager
    def _its_turn(self) -> Iterator[None]:
        with step("wait for the index"):
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    def _vectors_now(self) -> VectorGeneration | None:
        """The vectors of the live generation; None if it was replaced in this very moment."""
        state = self._ledger.state()
        if state is None:
            raise IndexMissing(
                f"There is no finished index in {self.folder}.", "Run: assistant build"
            )
        expected = index_fingerprint(self._model)
        if state.fingerprint != expected:
            raise IndexOutdated(
                f"The index in {self.folder} was built with {state.fingerprint}, but this is "
                f"{expected}.",
                "Build it again with: assistant build",
            )
        if state.generation != self._generation:
            lock = generation_lock(self.folder, state.generation, shared=True)
            if not lock.acquire():
                return None
            folder = generation_folder(self.folder, state.generation)
            if not folder.is_dir():
                lock.release()
                return None
            self._let_go()
            self._held = lock
            self._vectors = VectorGeneration(folder)
            self._generation = state.generation
        if self._known is None or self._known.build != state.build:
            self._known = _LookedUp(self._ledger, state.build)
        return self._vectors

    def stale_files(self) -> list[Path]:
        """Files of indexed documents that look changed since the build; see `stale_of`."""
        with self.view() as view:
            places = view.places()
        return stale_of(places)

    def _let_go(self) -> None:
        if self._vectors:
            self._vectors.close()
        if self._held:
            self._held.release()
        self._vectors, self._held = None, None

    def close(self) -> None:
        """Give back the generation and the ledger."""
        self._let_go()
        self._ledger.close()
