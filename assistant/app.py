"""The only wiring: settings to an assistant that builds, searches, answers and shows."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from assistant.answering.answer import Engine, answer_question, read, signals_for
from assistant.answering.checking import Verdict, best_of, check_for, ground_of
from assistant.answering.decline import Signals
from assistant.answering.generative import Writer
from assistant.answering.watch import Watch as Watch  # for whoever looks on
from assistant.coaching.brief import make_brief
from assistant.coaching.coach import Prepared, TakeAwayWanted
from assistant.coaching.desk import CoachingDesk, coaching_data
from assistant.coaching.reading import said_in
from assistant.errors import IndexMissing, IndexOutdated, UsageError
from assistant.index.build import (
    add_documents,
    build_index,
    remove_documents,
)
from assistant.index.copy import copy_index
from assistant.index.facts import IndexFacts as IndexFacts  # for whoever runs it
from assistant.index.facts import facts_of
from assistant.index.ledger.ledger import Ledger
from assistant.index.places import encoder_folder, given_folder
from assistant.index.progress import Progress, Silent
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.index.storage import storage_errors
from assistant.library.glossary import read_glossary
from assistant.library.readers.extract import Limits
from assistant.models.embedding import EmbeddingModel
from assistant.models.entailment import EntailmentModel
from assistant.models.language import LanguageModel, ModelChoice, Patience, choose_model
from assistant.plans import SessionBrief, SessionPlan, SessionSeries
from assistant.prompts import fill, read_boundaries, read_frames, read_prompts
from assistant.records import Answer, BuildReport, Listed, Passage, Source
from assistant.resources import shipped_coaching, shipped_corpus
from assistant.retrieval.search import search
from assistant.settings import Settings
from assistant.tracing import step

_LONGEST_REPLY = 1_000  # tokens
_LOOK_EVERY = 30.0  # seconds between two looks at the files behind the index, or more:
_REST = 200  # times as long as a look takes, where they are very many


class Assistant:
    """An open index and the model that reads questions. Safe to share between threads."""

    def __init__(
        self, index: Index, engine: Engine, coaching: Path | None = None,
        limits: Limits | None = None,
    ) -> None:  # fmt: skip
        """`limits` are those of the files that it takes in."""
        self._index = index
        self._engine = engine
        self._coaching = coaching
        self._limits = limits
        self._desk = CoachingDesk(engine, coaching or shipped_coaching())
        self._looked = float("-inf")
        self._look_takes = 0.0
        self._notices: list[str] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:
        """One answer. `history` holds the user's earlier turns, oldest first; `only` and
        `without` name documents; `watch` is told what a language model writes, as it comes.
        Raises QuestionError, DocumentNotFound, Stopped."""
        with step("answer") as note:
            notices = self._current_notices()
            with self._view(watch) as view:
                _require(view, only, without)
                asked = read(view, self._engine, question, history)
                answer = answer_question(
                    view, self._engine, asked, only, without, notices, watch, history
                )
            note(outcome=answer.outcome, engine=answer.engine, citations=len(answer.citations))
            return answer

    @property
    def model(self) -> ModelChoice | None:
        """The language model that writes the answers; None if they are quoted."""
        writer = self._engine.writer
        return writer.model.choice if writer else None

    def signals(self, question: str, history: Sequence[str] = ()) -> Signals | None:
        """What the confidence in an answer is made of, to calibrate it; None if nothing is
        quoted. Raises QuestionError."""
        with self._index.view() as view:
            asked = read(view, self._engine, question, history)
            return signals_for(view, self._engine, asked)

    def search(
        self, query: str, k: int = 10, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> tuple[Passage, ...]:
        """Ranked passages without an answer. Raises QuestionError, DocumentNotFound."""
        engine = self._engine
        with self._index.view() as view:
            _require(view, only, without)
            asked = read(view, engine, query).query
            also = engine.glossary.expansions(asked)
            found = search(view, engine.model, engine.stemmer, asked, k, only, without, also)
            return found.passages

    def check(self, sentence: str, document_id: str, start: int, end: int) -> Verdict:
        """Whether the passages around that stretch of a document say a sentence. Raises
        DocumentNotFound, and UsageError if no passage stands there."""
        engine = self._engine
        with self._index.view() as view:
            _require(view, (document_id,))
            check = check_for(view, engine.model, engine.stemmer)
            chunks = view.chunks_at(document_id, start, end)
            found = [check.check(sentence, ground_of(chunk)) for chunk in chunks]
        if not found:
            raise UsageError(
                f"{document_id} has no passage from {start} to {end}.",
                f"See: assistant show {document_id}",
            )
        return found[best_of(found)]

    @step("prepare")
    def prepare(self, brief: SessionBrief, watch: Watch | None = None) -> SessionPlan:
        """A session plan for a brief. Raises BriefError, CoachingDataError, Stopped."""
        with self._index.view() as view:
            return self._desk.prepare(view, brief, watch)

    @step("prepare")
    def prepare_series(self, brief: SessionBrief, count: int, span: str) -> SessionSeries:
        """Plans for `count` sessions over a span of time such as "a year", along the stages from
        that of the brief. Raises BriefError, CoachingDataError."""
        with self._index.view() as view:
            return self._desk.prepare_series(view, brief, count, span)

    @step("prepare")
    def revise(self, prepared: Prepared, change: str, watch: Watch | None = None) -> Prepared:
        """A plan or a series with a change in a coach's words, such as "for 45 minutes". Raises
        BriefError if it is not understood or cannot be, Stopped."""
        with self._index.view() as view:
            return self._desk.revise(view, prepared, change, watch)

    @step("prepare")
    def coach(
        self,
        text: str,
        current: Prepared | None = None,
        preparing: bool = False,
        watch: Watch | None = None,
    ) -> Prepared | TakeAwayWanted | None:
        """What a coach's words ask for: a plan, a series, a change of the `current` one, files of
        it, or None if they are a question to `ask`. `preparing`: a bare brief is one as well.
        Raises BriefError, BriefIncomplete (then ask back, and give both texts), CoachingDataError,
        Stopped."""
        with self._view(watch) as view:
            return self._desk.coach(view, text, current, preparing, watch)

    def show(self, document_id: str) -> tuple[str, str]:
        """A document's sha256 and the text that offsets refer to. Raises DocumentNotFound."""
        with self._index.view() as view:
            return view.text_of(document_id)

    def source(self, document_id: str, version: str = "") -> Source:
        """A document as a reader opens it, as it was when its sha256 began with `version`: what
        an older answer quoted stays. Raises DocumentNotFound."""
        with self._index.view() as view:
            return view.source(document_id, version)

    def original(self, document_id: str) -> tuple[str, bytes]:
        """The name of a document's file and its bytes as they were indexed. Raises
        DocumentNotFound."""
        with self._index.view() as view:
            return view.original(document_id)

    def own_documents(self) -> dict[str, str]:
        """The documents that are not of the shipped library: id to title, by title."""
        return self._titles(own=True)

    def is_own(self, document_id: str) -> bool:
        """Whether a document is there and not of the shipped library."""
        with self._index.view() as view:
            return any(is_own(entry.path) for entry in view.entries([document_id]).values())

    def library_documents(self) -> dict[str, str]:
        """The notes of the shipped library that are indexed: id to title, by title."""
        return self._titles(own=False)

    def _titles(self, own: bool) -> dict[str, str]:
        with self._index.view() as view:
            entries = [e for e in view.all_entries().values() if is_own(e.path) == own]
        return {e.id: e.title for e in sorted(entries, key=lambda e: (e.title.lower(), e.id))}

    def listed(self) -> tuple[Listed, ...]:
        """What the last build made of every document and of every refused file, by path."""
        with self._index.view() as view:
            return tuple(view.listed())

    @property
    def index_folder(self) -> Path:
        """The folder of its index."""
        return self._index.folder

    @property
    def contents(self) -> str:
        """Twelve digits that name what is in its index at present."""
        with self._index.view() as view:
            return view.fingerprint

    def facts(self) -> IndexFacts:
        """What is in its index at present, without waiting for those who are being answered.
        Raises IndexMissing, IndexOutdated, IndexDamaged."""
        return facts_of(self.index_folder)

    @property
    def embedding(self) -> tuple[str, bool]:
        """The name of the model that reads questions, and whether it does in the form that loads
        at once."""
        model = self._engine.model
        return model.name, model.graph is not None

    @property
    def given_folder(self) -> Path:
        """Where files are to be put that are kept with the index."""
        return given_folder(self._index.folder)

    def take_in(self, files: Sequence[Path]) -> BuildReport:
        """Add files to the index, which are kept until they are removed; those that cannot be read
        are in the report. Raises StorageFull, IndexNotWritable, IndexDamaged."""
        model = self._engine.model
        return add_documents(self.index_folder, files, (), model, Silent(), self._limits)

    def take_out(self, ids: Sequence[str]) -> BuildReport:
        """Take documents that were added out of the index, or what is remembered of those that
        were refused. Raises DocumentNotFound, UsageError, and as `take_in` does."""
        return remove_documents(self.index_folder, ids, self._engine.model, Silent())

    def beside(self, folder: Path) -> "Assistant":
        """An assistant of the same models over a copy of the index, which may take in files that
        this one never sees. The copy in the folder is made if there is none, and anew if the index
        has changed since. Close it with `close_copy`. Raises as `take_in` does."""
        now = self.contents
        made_from = folder / "copied-from"
        with storage_errors(folder):
            if not made_from.is_file() or made_from.read_text("utf-8") != now:
                shutil.rmtree(folder, ignore_errors=True)
                copy_index(self.index_folder, folder)
                made_from.write_text(now, "utf-8")
        index = Index(folder, self._engine.model)
        return Assistant(index, self._engine, self._coaching, self._limits)

    def close_copy(self) -> None:
        """Let go of the index alone: the models are those of another assistant."""
        self._index.close()

    @step("load the model")
    def warm_up(self) -> None:
        """Load the models of this computer now, so that the first question need not wait. Raises
        ModelError."""
        self._engine.model.load()
        writer = self._engine.writer
        if writer and isinstance(writer.opinion, EntailmentModel):
            writer.opinion.load()

    def documents(self) -> dict[str, tuple[str, str]]:
        """All documents: id to (sha256, text)."""
        with self._index.view() as view:
            return {name: view.text_of(name) for name in view.all_entries()}

    def close(self) -> None:
        """Let go of the index, and give up what a language model is writing."""
        if self._engine.writer:
            self._engine.writer.model.close()
        self._index.close()

    @contextmanager
    def _view(self, watch: Watch | None) -> Iterator[View]:
        """A view of the index, in its turn, of which the watch is told."""
        with self._index.view() as view:
            if watch:
                watch.begun()
            yield view

    def _current_notices(self) -> list[str]:
        """What every answer says at present. Files are looked at once in a while: a server lives
        through many changes, and a question should not wait for ten thousand of them."""
        began = time.monotonic()
        if began - self._looked > max(_LOOK_EVERY, _REST * self._look_takes):
            changed = len(self._index.stale_files())
            line = fill(self._engine.frames.corpus_changed, count=str(changed))
            self._notices = [line] if changed else []
            self._looked = time.monotonic()
            self._look_takes = self._looked - began
        return self._notices


def _require(view: View, *named: Sequence[str]) -> None:
    """Raise DocumentNotFound for the first named document that is not in the index."""
    for name in chain(*named):
        view.text_of(name)


def build(
    settings: Settings,
    progress: Progress,
    folders: tuple[Path, ...] = (),
    model: EmbeddingModel | None = None,
) -> BuildReport:
    """Build or update the index. `folders` are recorded for later builds; without them see
    `folders_to_read`."""
    model = model or _model(settings)
    chosen = tuple(folder.resolve() for folder in folders)
    read = chosen or folders_to_read(settings)
    return build_index(
        settings.index_folder, read, bool(chosen), model, progress, _limits(settings)
    )


def add(settings: Settings, progress: Progress, paths: Sequence[Path]) -> BuildReport:
    """Add files, or the files in folders, to the index, building it first if there is none."""
    files = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100  # links keep their name
    return add_documents(
        settings.index_folder, files, folders_to_read(settings), _model(settings), progress,
        _limits(settings),
    )  # fmt: skip


def remove(settings: Settings, progress: Progress, ids: Sequence[str]) -> BuildReport:
    """Take documents that were added out of the index, with every trace of their text."""
    return remove_documents(settings.index_folder, ids, _model(settings), progress)


def read_brief(settings: Settings, text: str, given: Mapping[str, Any]) -> SessionBrief:
    """A brief from a coach's words and from what is `given` by the names of its fields, which has
    the last word. Raises BriefError, BriefIncomplete, CoachingDataError."""
    bank = coaching_data(settings.coaching or shipped_coaching())
    known = {name: value for name, value in given.items() if value is not None}
    return make_brief(bank, said_in(bank, text) | known)


def is_own(path: Path) -> bool:
    """Whether a document's file is not one of the shipped library."""
    return not path.is_relative_to(_library_folder())


@cache
def _library_folder() -> Path:
    return shipped_corpus().resolve()


def folders_to_read(settings: Settings) -> tuple[Path, ...]:
    """What a build reads that names no folders: the settings', the recorded or the shipped ones."""
    set_ones = tuple(folder.resolve() for folder in settings.corpus)
    return set_ones or _recorded(settings.index_folder) or (shipped_corpus(),)


def open_assistant(settings: Settings, progress: Progress) -> Assistant:
    """Open the index, building it first if there is none.

    The default index repairs itself if another version built it; one that was named is left
    alone and raises IndexOutdated.
    """
    model = _model(settings)
    frames, fingerprint = read_frames()
    glossary = read_glossary(shipped_corpus())
    engine = Engine(
        model, Stemmer(), glossary, frames, fingerprint, read_boundaries(), _writer(settings),
        _prices(settings),
    )  # fmt: skip
    try:
        index = Index(settings.index_folder, model)
    except IndexMissing:
        progress.say(f"Building the index in {settings.index_folder} first.")
        build(settings, progress, model=model)
        index = Index(settings.index_folder, model)
    except IndexOutdated as error:
        if settings.index is not None:
            raise
        progress.say(f"{error.message} Building it again.")
        build(settings, progress, model=model)
        index = Index(settings.index_folder, model)
    return Assistant(index, engine, settings.coaching, _limits(settings))


def index_summary(settings: Settings) -> str:
    """One line on the index in force. Raises IndexMissing, IndexOutdated or IndexDamaged."""
    index = Index(settings.index_folder, _model(settings))
    try:
        stale = len(index.stale_files())
        with index.view() as view:
            counts = f"{len(view.all_entries())} documents, {view.chunk_count()} chunks"
    finally:
        index.close()
    changed = f"; {stale} files have changed since it was built" if stale else ""
    return f"{counts} in {settings.index_folder}{changed}"


def language_model(settings: Settings) -> LanguageModel | None:
    """The language model of the settings, not asked yet; None if none writes. Raises
    SettingsError, ModelError."""
    if settings.model is None or not settings.writes:
        return None
    key = settings.model_key.get_secret_value() if settings.model_key else None
    return LanguageModel(
        choose_model(settings.model, settings.model_url, key),
        Patience(
            first=settings.model_first_seconds, whole=settings.model_seconds,
            at_once=settings.model_at_once,
        ),
        settings.model_context,
        min(_LONGEST_REPLY, settings.model_context // 4),
    )  # fmt: skip


def _writer(settings: Settings) -> Writer | None:
    model = language_model(settings)
    if model is None:
        return None
    named = settings.second_opinion
    opinion = EntailmentModel(named) if named and named != "model" else None
    return Writer(
        model, read_prompts(), settings.unsupported, "model" if named == "model" else opinion
    )


def _prices(settings: Settings) -> tuple[float, float] | None:
    read, written = settings.model_price_read, settings.model_price_written
    return None if read is None and written is None else (read or 0.0, written or 0.0)


def _limits(settings: Settings) -> Limits:
    return Limits(
        megabytes=settings.largest_file_mb,
        unpacked_megabytes=settings.largest_unpacked_mb,
        pages=settings.most_pages,
        characters=settings.most_characters,
        paragraphs=settings.most_paragraphs,
        seconds=settings.reading_seconds,
        memory_megabytes=settings.reading_memory_mb,
    )


def _model(settings: Settings) -> EmbeddingModel:
    exports = encoder_folder(settings.index_folder)
    return EmbeddingModel(settings.embedding_model, settings.embedding_dtype, exports)


def _recorded(index: Path) -> tuple[Path, ...]:
    """The folders that an index was built from, if it recorded any."""
    with storage_errors(index):
        try:
            ledger = Ledger(index)
        except (IndexMissing, IndexOutdated):
            return ()
        try:
            state = ledger.state()
        finally:
            ledger.close()
    return (state.folders or ()) if state else ()
