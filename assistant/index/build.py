"""Building the index: read what is new, embed it, write a generation, make it live.

Until the last transaction commits, readers answer from the generation before. A build that is
killed leaves texts and embeddings in the ledger, which the next one uses or removes, and perhaps
a directory that it removes.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from assistant.errors import IndexMissing, IndexOutdated
from assistant.index.gather import Advance, Gathering, Plan
from assistant.index.generation import write_generation
from assistant.index.ledger.embeddings import text_key
from assistant.index.ledger.ledger import Ledger, State
from assistant.index.locks import FileLock
from assistant.index.places import (
    encoder_folder,
    generation_folder,
    generation_lock,
    given_folder,
)
from assistant.index.progress import Progress
from assistant.index.spool import Spool
from assistant.index.storage import storage_errors
from assistant.library.blocks import NORMALISER_VERSION
from assistant.library.chunking import CHUNKER_VERSION
from assistant.library.corpus import require_folders
from assistant.library.notes import sidecar_of
from assistant.library.readers.extract import Limits
from assistant.library.reading import READERS_VERSION, Reader
from assistant.library.signposts import SIGNPOSTS_VERSION
from assistant.models.embedding import EmbeddingModel, NotExported
from assistant.records import BuildReport, Refusal

_COMMIT_EVERY = 512  # texts embedded between two commits to the cache
_GROUP = 20_000  # texts that are sorted by length together; fewer sort as well, more fill memory


def index_fingerprint(model: EmbeddingModel) -> str:
    """What chunks and vectors depend on, beside the documents themselves."""
    versions = (
        f"readers {READERS_VERSION} normaliser {NORMALISER_VERSION} chunker {CHUNKER_VERSION} "
        f"signposts {SIGNPOSTS_VERSION}"
    )
    return f"{model.fingerprint} {versions}"


def build_index(
    index: Path,
    folders: tuple[Path, ...],
    record_folders: bool,
    model: EmbeddingModel,
    progress: Progress,
    limits: Limits | None = None,
) -> BuildReport:
    """Bring the index up to date with the folders and with the files that were added.

    Waits for another build of the same index to end, and says so. `record_folders` keeps the
    folders for later builds. Raises CorpusError, UsageError, ModelError, StorageFull,
    IndexNotWritable, IndexDamaged.
    """
    require_folders(folders)
    with _building(index, model, progress, limits) as build:
        build.everything(folders)
        return build.finish(folders if record_folders else None)


def add_documents(
    index: Path,
    paths: Sequence[Path],
    folders: tuple[Path, ...],
    model: EmbeddingModel,
    progress: Progress,
    limits: Limits | None = None,
) -> BuildReport:
    """Add files, or the files in folders, to the index, which are kept until they are removed.

    Nothing else is read, unless there is no index of this version yet: then the `folders` are
    indexed as well. Raises as `build_index` does, and UsageError for a path that does not exist.
    """
    with _building(index, model, progress, limits) as build:
        if build.current:
            build.some(paths)
            return build.finish(None)
        build.everything(folders)
        first = build.finish(None)
        build.some(paths)
        then = build.finish(None)
        return then.model_copy(
            update={
                "new": first.new + then.new,
                "unchanged": then.unchanged - first.new,
                "refused": (*first.refused, *then.refused),
                "remarks": (*first.remarks, *then.remarks),
            }
        )


def remove_documents(
    index: Path, ids: Sequence[str], model: EmbeddingModel, progress: Progress
) -> BuildReport:
    """Take documents that were added out of the index, with every trace of their text.

    Raises DocumentNotFound, UsageError for a document that belongs to a folder, IndexMissing,
    IndexOutdated, and as `build_index` does.
    """
    with _building(index, model, progress) as build:
        if build.state is None:
            raise IndexMissing(f"There is no index in {index}.", "Run: assistant build")
        if not build.current:
            raise IndexOutdated(
                f"The index in {index} was built by another version of the product.",
                "Bring it up to date first, with: assistant build",
            )
        build.without(ids)
        return build.finish(None)


@contextmanager
def _building(
    index: Path, model: EmbeddingModel, progress: Progress, limits: Limits | None = None
) -> Iterator["_Build"]:
    """One change of an index, alone with it."""
    with ExitStack() as held:
        held.enter_context(storage_errors(index))
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "build.lock", shared=False)
        lock.acquire(
            lambda: progress.say("Another build of this index is running; waiting for it.")
        )
        held.callback(lock.release)
        ledger = held.enter_context(closing(Ledger(index, create=True)))
        reader = held.enter_context(Reader(limits))
        build = _Build(index, model, progress, ledger, reader)
        held.callback(build.close)
        yield build


class _Build:
    """What is known while an index is changed."""

    def __init__(
        self,
        index: Path,
        model: EmbeddingModel,
        progress: Progress,
        ledger: Ledger,
        reader: Reader,
    ) -> None:
        self._index = index
        self._model = model
        self._progress = progress
        self._ledger = ledger
        self._reader = reader
        self._began = time.monotonic()
        self._fingerprint = index_fingerprint(model)  # reads the weights of a model in a folder
        self._plan = Plan(Spool(index))

    def close(self) -> None:
        """Forget what was planned."""
        self._plan.write.close()

    @property
    def state(self) -> State | None:
        """What is live at present."""
        return self._ledger.state()

    @property
    def current(self) -> bool:
        """Whether what is live was indexed as it would be now."""
        state = self.state
        return state is not None and state.fingerprint == self._fingerprint

    def everything(self, folders: Sequence[Path]) -> None:
        """Plan to bring all up to date. See `Gathering`."""
        with self._gathering() as (gathering, advance):
            gathering.everything(folders, advance)

    def some(self, paths: Sequence[Path]) -> None:
        """Plan to add files."""
        with self._gathering() as (gathering, advance):
            gathering.some(paths, advance)

    def without(self, ids: Sequence[str]) -> None:
        """Plan to remove documents."""
        with self._gathering() as (gathering, _):
            gathering.without(ids)

    @contextmanager
    def _gathering(self) -> Iterator[tuple[Gathering, Callable[[int], Advance]]]:
        self.close()
        self._plan = Plan(Spool(self._index))
        gathering = Gathering(
            self._plan, self._ledger, self._reader, self._model.count_pieces, self.current
        )
        with ExitStack() as steps:
            yield (
                gathering,
                lambda total: steps.enter_context(self._progress.step("Reading", total)),
            )

    def finish(self, record: tuple[Path, ...] | None) -> BuildReport:
        """Do what was planned, and tell of it. `record` are the folders of later builds."""
        plan, ledger, state = self._plan, self._ledger, self.state
        folders = record or (state.folders if state else None)
        number, marked = (state.generation, state.marked) if state else (0, 0)
        if plan.written or not encoder_folder(self._index).exists():  # that of an earlier version
            self._prepare_encoder(next(_groups(plan), []))
        if state is None or plan.written or plan.gone or not self._folder(number).is_dir():
            _embed(ledger, plan, self._model, self._progress)
            base = self._folder(number) if self.current else None
            number = _next_number(self._index)
            marked = write_generation(
                ledger, plan, base, marked, self._folder(number), self._model, self._progress
            )
        with ledger.transaction():
            _write_plan(ledger, plan)
            built = state.build + 1 if state else 1
            ledger.set_state(State(number, self._fingerprint, folders, built, marked))
        _remove_generations(ledger, self._index)
        for path in plan.dropped:
            if path.is_relative_to(given_folder(self._index)):
                path.unlink(missing_ok=True)
                sidecar_of(path).unlink(missing_ok=True)
        documents = len(ledger.documents.entries())
        return BuildReport(
            documents=documents,
            chunks=ledger.chunks.count(),
            new=plan.new,
            unchanged=documents - plan.new - plan.replaced,
            replaced=plan.replaced,
            removed=len(plan.gone),
            refused=tuple(Refusal(path=str(f.path), reason=f.reason) for f in plan.refused),
            remarks=tuple(plan.remarks),
            seconds=round(time.monotonic() - self._began, 2),
            index=str(self._index),
        )

    def _prepare_encoder(self, texts: Sequence[str]) -> None:
        """Keep the model with the index in the form that loads at once."""
        if self._model.exports != encoder_folder(self._index) or self._model.graph:
            return
        try:
            with self._progress.step("Preparing the model", 1) as advance:
                self._model.export(texts)
                advance(1)
        except NotExported as reason:
            self._progress.say(
                f"The embedding model cannot be kept in a form that loads fast: {reason}. "
                "All works as it should, but each command needs some seconds to begin."
            )

    def _folder(self, number: int) -> Path:
        return generation_folder(self._index, number)


def _write_plan(ledger: Ledger, plan: Plan) -> None:
    """All that the plan says of documents and files."""
    ledger.documents.leave_unchanged()
    for name in plan.remove:
        ledger.remove_document(name)
    for one in plan.write:
        ledger.replace_document(one.document, one.origin, one.chunks, one.signposts)
    for name, origin in plan.touch.items():
        ledger.documents.touch(name, origin)
    for name in plan.forget:
        ledger.forget_document(name)
    files = ledger.files
    for path in plan.cleared:
        files.forget_refused(path)
    for file in plan.refused:
        files.note_refused(file)
    for path in plan.added:
        files.note_added(path)
    for path in plan.dropped:
        files.forget_added(path)
    ledger.texts.drop_stray()


def _groups(plan: Plan) -> Iterator[list[str]]:
    """The texts that are embedded, so many at a time as fit into memory, those of a document
    together."""
    group: list[str] = []
    for one in plan.write:
        group += one.texts()
        if len(group) >= _GROUP:
            yield group
            group = []
    if group:
        yield group


def _embed(ledger: Ledger, plan: Plan, model: EmbeddingModel, progress: Progress) -> None:
    """Cache the vectors of those texts that have none yet, committing as it goes."""
    with progress.step("Embedding", plan.texts) as advance:
        for group in _groups(plan):
            keys = {text_key(text): text for text in group}
            missing = ledger.embeddings.missing(list(keys), model.fingerprint)
            advance(len(group) - len(missing))
            # Texts of like length together: padding is what makes a batch slow.
            todo = sorted(missing, key=lambda key: (len(keys[key]), key))
            for first in range(0, len(todo), _COMMIT_EVERY):
                part = todo[first : first + _COMMIT_EVERY]
                vectors = model.encode([keys[key] for key in part], progress=advance)
                ledger.embeddings.add(part, vectors, model.fingerprint)


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
