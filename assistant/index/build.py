"""Building the index: read the corpus, embed what is new, write a generation, make it live.

Until the last transaction commits, readers answer from the generation before. A build that is
killed leaves embeddings in the cache and perhaps a directory that the next build removes.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.index.ledger import Ledger, State, document_fields, text_key
from assistant.index.locks import FileLock
from assistant.index.storage import storage_errors
from assistant.index.vectors import VectorCollection, VectorGeneration
from assistant.library.blocks import NORMALISER_VERSION
from assistant.library.chunking import CHUNKER_VERSION, chunk_document
from assistant.library.corpus import Corpus, Reading, read_corpus
from assistant.library.signposts import SIGNPOSTS_VERSION, signposts_of
from assistant.models.embedding import EmbeddingModel
from assistant.records import BuildReport, Chunk, Signpost

_SAMPLE = 500  # vectors of documents that did not change that are probed again
_COMMIT_EVERY = 512  # texts embedded between two commits to the cache


class Progress(Protocol):
    """How a build tells what it does."""

    def step(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Begin a step of so many parts; gives a function to call with how many more are done."""

    def say(self, message: str) -> None:
        """Tell the person who waits one thing."""


# Ids, the documents that they belong to, and the keys of their embeddings, by id.
_Rows = Sequence[tuple[str, str, bytes]]


@dataclass(frozen=True)
class _Written:
    """A document to write, with what is indexed of it."""

    reading: Reading
    chunks: list[Chunk]
    signposts: list[Signpost]


@dataclass
class _Plan:
    """What is to change: documents to write, documents to keep, ids to take out."""

    write: list[_Written]
    keep: list[Reading]
    remove: list[str]
    new: int
    replaced: int


def index_fingerprint(model: EmbeddingModel) -> str:
    """What chunks and vectors depend on, beside the documents themselves."""
    versions = f"chunker {CHUNKER_VERSION} normaliser {NORMALISER_VERSION}"
    return f"{model.fingerprint} {versions} signposts {SIGNPOSTS_VERSION}"


def generation_folder(index: Path, number: int) -> Path:
    """The directory of a generation."""
    return index / "generations" / str(number)


def generation_lock(index: Path, number: int, shared: bool) -> FileLock:
    """The lock that a reader shares while a generation is in use."""
    return FileLock(index / "generations" / f"{number}.lock", shared)


def build_index(
    index: Path,
    folders: tuple[Path, ...],
    record_folders: bool,
    model: EmbeddingModel,
    progress: Progress,
) -> BuildReport:
    """Bring the index up to date with the folders.

    Waits for another build of the same index to end, and says so. `record_folders` keeps the
    folders for later builds. Raises CorpusError, UsageError, ModelError, StorageFull,
    IndexNotWritable, IndexDamaged.
    """
    began = time.monotonic()
    with storage_errors(index):
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "build.lock", shared=False)
        lock.acquire(
            lambda: progress.say("Another build of this index is running; waiting for it.")
        )
    try:
        with storage_errors(index):
            corpus = read_corpus(folders)
            ledger = Ledger(index, create=True)
            try:
                plan = _plan(ledger, corpus, model)
                kept = ledger.state()
                recorded = folders if record_folders else kept.folders if kept else None
                if _changes(ledger, plan, index, model):
                    _write(ledger, plan, index, model, recorded, progress)
                else:
                    _note_files(ledger, plan, recorded)
                _remove_generations(ledger, index)
                count = ledger.chunk_count()
            finally:
                ledger.close()
    finally:
        lock.release()
    return BuildReport(
        documents=len(corpus.readings),
        chunks=count,
        new=plan.new,
        unchanged=len(corpus.readings) - plan.new - plan.replaced,
        replaced=plan.replaced,
        removed=len(plan.remove),
        refused=corpus.refused,
        seconds=round(time.monotonic() - began, 2),
        index=str(index),
    )


def _plan(ledger: Ledger, corpus: Corpus, model: EmbeddingModel) -> _Plan:
    state = ledger.state()
    same_model = state is not None and state.fingerprint == index_fingerprint(model)
    before = ledger.entries()
    plan = _Plan(write=[], keep=[], remove=[], new=0, replaced=0)
    for reading in corpus.readings:
        document = reading.document
        entry = before.get(document.id)
        unchanged = (
            entry is not None
            and entry.sha256 == document.sha256
            and entry.fields == document_fields(document)
        )
        if unchanged and same_model:
            plan.keep.append(reading)
            continue
        chunks = chunk_document(document, model.count_pieces)
        plan.write.append(_Written(reading, chunks, signposts_of(document)))
        plan.new += entry is None
        plan.replaced += entry is not None and not unchanged
    now = {reading.document.id for reading in corpus.readings}
    plan.remove = [identifier for identifier in before if identifier not in now]
    return plan


def _changes(ledger: Ledger, plan: _Plan, index: Path, model: EmbeddingModel) -> bool:
    """Whether a new generation is needed: something changed, or the live one is gone."""
    state = ledger.state()
    return (
        state is None
        or bool(plan.write or plan.remove)
        or not generation_folder(index, state.generation).is_dir()
    )


def _note_files(ledger: Ledger, plan: _Plan, folders: tuple[Path, ...] | None) -> None:
    state = ledger.state()
    assert state is not None
    with ledger.transaction():
        for reading in plan.keep:
            ledger.touch_document(reading)
        ledger.set_state(State(state.generation, state.fingerprint, folders))


def _write(
    ledger: Ledger,
    plan: _Plan,
    index: Path,
    model: EmbeddingModel,
    folders: tuple[Path, ...] | None,
    progress: Progress,
) -> None:
    _embed(ledger, _texts(plan), model, progress)
    number = _next_number(index)
    _write_generation(ledger, plan, generation_folder(index, number), model, progress)
    with ledger.transaction():
        for identifier in plan.remove:
            ledger.remove_document(identifier)
        for one in plan.write:
            ledger.replace_document(one.reading, one.chunks, one.signposts)
        for reading in plan.keep:
            ledger.touch_document(reading)
        ledger.set_state(State(number, index_fingerprint(model), folders))


def _texts(plan: _Plan) -> list[str]:
    """Every new text that is embedded: chunks, sentences to choose among, signposts."""
    texts: dict[str, None] = {}
    for one in plan.write:
        for chunk in one.chunks:
            texts[chunk.embedded_text] = None
            for sentence in chunk.sentences:
                texts[chunk.text_of(sentence)] = None
        for signpost in one.signposts:
            texts[signpost.text] = None
    return list(texts)


def _embed(ledger: Ledger, texts: Sequence[str], model: EmbeddingModel, progress: Progress) -> None:
    """Cache the vectors of those texts that have none yet, committing as it goes."""
    keys = {text_key(text): text for text in texts}
    missing = ledger.missing_embeddings(list(keys), model.fingerprint)
    # Texts of like length together: padding is what makes a batch slow.
    todo = sorted(missing, key=lambda key: (len(keys[key]), key))
    with progress.step("Embedding", len(todo)) as advance:
        for first in range(0, len(todo), _COMMIT_EVERY):
            part = todo[first : first + _COMMIT_EVERY]
            vectors = model.encode([keys[key] for key in part], progress=advance)
            ledger.add_embeddings(part, vectors, model.fingerprint)


def _chunk_rows(ledger: Ledger, plan: _Plan) -> _Rows:
    """All chunks that the new generation will hold."""
    written = [
        (chunk.id, chunk.document_id, text_key(chunk.embedded_text))
        for one in plan.write
        for chunk in one.chunks
    ]
    return _kept_and(written, ledger.chunk_keys(), plan)


def _signpost_rows(ledger: Ledger, plan: _Plan) -> _Rows:
    """All signposts that the new generation will hold."""
    written = [
        (signpost.id, signpost.document_id, text_key(signpost.text))
        for one in plan.write
        for signpost in one.signposts
    ]
    return _kept_and(written, ledger.signpost_keys(), plan)


def _kept_and(written: _Rows, before: _Rows, plan: _Plan) -> _Rows:
    gone = set(plan.remove) | {one.reading.document.id for one in plan.write}
    return sorted([*(row for row in before if row[1] not in gone), *written])


def _write_generation(
    ledger: Ledger, plan: _Plan, folder: Path, model: EmbeddingModel, progress: Progress
) -> None:
    """Write all vectors, then check that all are there and can be found."""
    chunks, signposts = _chunk_rows(ledger, plan), _signpost_rows(ledger, plan)
    written = {one.reading.document.id for one in plan.write}
    try:
        with (
            progress.step("Writing the index", len(chunks) + len(signposts)) as advance,
            closing(VectorGeneration(folder)) as generation,
        ):
            _add(generation.chunks, ledger, chunks, model, advance)
            _add(generation.signposts, ledger, signposts, model, advance)
        # Opened again, so that what is verified is what is on the disk.
        with closing(VectorGeneration(folder)) as generation:
            _verify(generation.chunks, ledger, chunks, model, written)
            _verify(generation.signposts, ledger, signposts, model, written)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # whatever of it fitted
        raise


def _add(
    collection: VectorCollection,
    ledger: Ledger,
    rows: _Rows,
    model: EmbeddingModel,
    advance: Callable[[int], None],
) -> None:
    vectors = ledger.embeddings([key for _, _, key in rows], model.fingerprint)
    collection.add([row[0] for row in rows], [row[1] for row in rows], vectors, advance)


def _verify(
    collection: VectorCollection,
    ledger: Ledger,
    rows: _Rows,
    model: EmbeddingModel,
    written: set[str],
) -> None:
    """All ids are there; what is new, and a sample of the rest, finds itself."""
    old = [n for n, row in enumerate(rows) if row[1] not in written]
    probes = [n for n, row in enumerate(rows) if row[1] in written]
    probes += old[:: max(1, len(old) // _SAMPLE)]
    vectors = ledger.embeddings([rows[n][2] for n in probes], model.fingerprint)
    collection.verify([row[0] for row in rows], probes, vectors)


def _next_number(index: Path) -> int:
    taken = [int(path.stem) for path in (index / "generations").iterdir() if path.stem.isdigit()]
    return max(taken, default=0) + 1


def _remove_generations(ledger: Ledger, index: Path) -> None:
    """Remove all but the live generation, unless a reader holds one: the next build will."""
    state = ledger.state()
    live = state.generation if state else 0
    for folder in (index / "generations").iterdir():
        if folder.is_dir() and folder.name.isdigit() and int(folder.name) != live:
            lock = generation_lock(index, int(folder.name), shared=False)
            if lock.acquire():
                try:
                    shutil.rmtree(folder)
                finally:
                    lock.release()
