"""What a build is to do: which files are read, and what becomes of each document. Writes nothing
but the contents of what was read, which no reader sees yet."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from assistant.errors import DocumentNotFound, DocumentRefused, UsageError
from assistant.index.ledger.documents import Entry, Origin, document_fields
from assistant.index.ledger.embeddings import Row, text_key
from assistant.index.ledger.files import RefusedFile
from assistant.index.ledger.ledger import Ledger
from assistant.index.spool import Spool
from assistant.library.chunking import TokenCounter, chunk_document
from assistant.library.corpus import (
    Place,
    corpus_files,
    id_is_taken,
    nothing_to_read,
    places,
    require_inside,
)
from assistant.library.notes import read_references
from assistant.library.reading import READ, File, Reader, Reading, file_id
from assistant.library.signposts import signposts_of
from assistant.records import Chunk, Document, DocumentState, Refusal, Remark, Signpost

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """A document to write, with what is indexed of it."""

    document: Document
    origin: Origin
    chunks: list[Chunk]
    signposts: list[Signpost]

    def texts(self) -> Iterator[str]:
        """All that is embedded of it: chunks, sentences to choose among, signposts."""
        for chunk in self.chunks:
            yield chunk.embedded_text
            yield from map(chunk.text_of, chunk.sentences)
        for signpost in self.signposts:
            yield signpost.text


@dataclass
class Plan:
    """What is to change. Documents that are in none of the lists stay as they are."""

    write: Spool[Written]
    written: list[str] = field(default_factory=list)
    """The documents that are written, by id."""
    chunks: list[Row] = field(default_factory=list)
    """Of all these, as `signposts`."""
    signposts: list[Row] = field(default_factory=list)
    texts: int = 0
    """How many texts are embedded of it, equal ones counted again."""
    touch: dict[str, Origin] = field(default_factory=dict)
    """Unchanged documents, by id, whose files were looked at."""
    remove: list[str] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    """Documents to remove with every trace of their text."""
    refused: list[RefusedFile] = field(default_factory=list)
    cleared: list[Path] = field(default_factory=list)
    """Files that are not refused any more."""
    added: list[Path] = field(default_factory=list)
    dropped: list[Path] = field(default_factory=list)
    """Files that were added by themselves and shall not be read again."""
    remarks: list[Remark] = field(default_factory=list)
    new: int = 0
    replaced: int = 0

    @property
    def gone(self) -> list[str]:
        """All documents that will not be there any more."""
        return [*self.remove, *self.forget]

    def add(self, written: Written) -> None:
        """Plan to write a document. Raises OSError if the disk is full."""
        name = written.document.id
        self.write.append(written)
        self.written.append(name)
        self.chunks += [(one.id, name, text_key(one.embedded_text)) for one in written.chunks]
        self.signposts += [(one.id, name, text_key(one.text)) for one in written.signposts]
        self.texts += sum(1 for _ in written.texts())


class Gathering:
    """Fills a plan, file by file. `current`: whether what is indexed can be kept."""

    def __init__(
        self, plan: Plan, ledger: Ledger, reader: Reader, count: TokenCounter, current: bool
    ) -> None:
        self.plan = plan
        self._ledger = ledger
        self._reader = reader
        self._count = count
        self._current = current
        self._before = ledger.documents.entries()
        self._by_path = {entry.path: entry for entry in self._before.values()}
        self._refused = ledger.files.refused()
        self._claimed: dict[str, Path] = {}

    def everything(self, folders: Sequence[Path], advance: Callable[[int], Advance]) -> None:
        """Bring all up to date with the folders and with the files added by themselves.

        `advance` is given the number of files, and gives what to call after each. Raises
        UsageError for a folder that does not exist, CorpusError if the folders hold nothing.
        """
        in_folders = list(places(folders))
        alone = [Place(path, None, {}) for path in self._ledger.files.added()]
        done = advance(len(in_folders) + len(alone))
        seen: set[Path] = set()
        for place in chain(in_folders, alone):
            if place.path not in seen:
                seen.add(place.path)
                self._take(place, place.folder)
            done(1)
        if not any(place.path in self._claimed.values() for place in in_folders):
            raise nothing_to_read(folders, [_refusal(one) for one in self.plan.refused])
        self.plan.remove = [name for name in self._before if name not in self._claimed]
        self.plan.cleared = list(self._refused)

    def some(self, paths: Sequence[Path], advance: Callable[[int], Advance]) -> None:
        """Add files, and those in folders, beside all that is there."""
        files = _files(paths)
        mine = set(files)
        for known in self._before.values():
            if known.path not in mine:
                self._claimed.setdefault(known.id, known.path)
        done = advance(len(files))
        for path, opened in files.items():
            entry = self._by_path.get(path)
            folder = entry.folder if entry else None
            if folder is None:
                self.plan.added.append(path)
            self._refused.pop(path, None)  # who adds a file again wants it to be read again
            self.plan.cleared.append(path)
            references = read_references(folder or path.parent)
            self._take(Place(path, folder, references), opened or folder)
            done(1)

    def without(self, ids: Sequence[str]) -> None:
        """Take documents out that were added by themselves.

        Raises DocumentNotFound, or UsageError for one that belongs to a folder.
        """
        added = set(self._ledger.files.added())
        refused = {one.document_id: one.path for one in self._refused.values()}
        for name in dict.fromkeys(ids):
            entry = self._before.get(name)
            path = entry.path if entry else refused.get(name)
            if path is None:
                raise DocumentNotFound(
                    f"No document {name!r} is in the index.", "See the ids with: assistant list"
                )
            if path not in added:
                raise UsageError(
                    f"{name!r} comes from a folder that is read at every build: {path}.",
                    "Remove the file and run: assistant build. To leave it out of one answer: "
                    f"--without {name}",
                )
            if entry:
                self.plan.forget.append(name)
            self.plan.dropped.append(path)
            self.plan.cleared.append(path)

    def _take(self, place: Place, inside: Path | None) -> None:
        """Read one file, or see that it need not be read. Links must not lead out of `inside`."""
        entry = self._by_path.get(place.path)
        key = ""
        try:
            if place.folder is None and not place.path.exists():
                self._keep_without_file(place, entry)
                return
            require_inside(place.path, inside)
            file = self._reader.open(place.path, place.references)
            key = file.key
            before = self._refused.get(place.path)
            if before and before.key == key:
                self._refuse(place, entry, before)
            elif entry and entry.key == key and self._current:
                self._claim(entry.id, place.path)
                self._touch(entry.id, place, file)
            else:
                self._place(self._reader.read(file, place.references), place, file, entry)
        except _Taken as error:
            self._refuse(place, None, _refused(place, key, error))
        except DocumentRefused as error:
            self._refuse(place, entry, _refused(place, key, error))

    def _place(self, reading: Reading, place: Place, file: File, entry: Entry | None) -> None:
        """Put a document that was read into the plan."""
        document = reading.document
        self._claim(document.id, place.path)
        if entry and entry.id != document.id and self._claimed.get(entry.id) in (None, place.path):
            self.plan.remove.append(entry.id)
        before = self._before.get(document.id)
        same = (
            before is not None
            and before.sha256 == document.sha256
            and before.fields == document_fields(document)
        )
        if same and self._current:
            self._touch(document.id, place, file)
            return
        self._ledger.texts.keep(document, reading.original)
        state: DocumentState = "unchanged" if same else "replaced" if before else "indexed"
        self.plan.add(
            Written(
                document,
                _origin(place, file.key, state, reading.warnings),
                chunk_document(document, self._count),
                signposts_of(document),
            )
        )
        self.plan.new += state == "indexed"
        self.plan.replaced += state == "replaced"
        if reading.warnings or reading.dropped:
            self.plan.remarks.append(
                Remark(path=str(place.path), warnings=reading.warnings, dropped=reading.dropped)
            )

    def _keep_without_file(self, place: Place, entry: Entry | None) -> None:
        """An added file is gone: what was read of it is kept until it is removed."""
        if entry is None:
            self.plan.dropped.append(place.path)
        elif self._current:
            self._claim(entry.id, place.path)
        else:
            self._read_again(place, entry)

    def _refuse(self, place: Place, entry: Entry | None, refused: RefusedFile) -> None:
        """A file cannot be read. What was read of it before, if anything, is kept."""
        self.plan.refused.append(refused)
        if entry is None or entry.id in self._claimed:
            return
        if self._current:
            self._claim(entry.id, place.path)
        else:
            self._read_again(place, entry)

    def _read_again(self, place: Place, entry: Entry) -> None:
        """Read a document from the bytes that were kept of it."""
        path, original = self._ledger.texts.original_of(entry.id)
        known = json.loads(entry.fields)
        del known["layout"]
        said = {"id": entry.id} | {name: value for name, value in known.items() if value}
        file = self._reader.taken(path, original, json.dumps(said).encode(), place.references)
        self._place(self._reader.read(file, place.references), place, file, entry)

    def _claim(self, name: str, path: Path) -> None:
        """Take an id for a file. Raises DocumentRefused if another file has it."""
        holder = self._claimed.get(name)
        if holder is not None and holder != path:
            entry = self._before.get(name)
            moved = entry and entry.folder is None and not holder.exists()
            if not moved:
                raise _Taken(*id_is_taken(path, name, holder).args)
            self.plan.dropped.append(holder)
        self._claimed[name] = path

    def _touch(self, name: str, place: Place, file: File) -> None:
        self.plan.touch[name] = _origin(place, file.key, "unchanged", ())


class _Taken(DocumentRefused):
    """Another file has the id of this one."""


def _files(paths: Sequence[Path]) -> dict[Path, Path | None]:
    """The files that are meant, each with the folder in which it was found if it was not named
    itself. Raises UsageError for what does not exist."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(
            f"There is no file or folder {', '.join(map(str, missing))}.", "Correct the path."
        )
    found: dict[Path, Path | None] = {}
    for path in paths:
        inside = list(corpus_files(path)) if path.is_dir() else [path]
        if not inside or inside[0].suffix.lower() not in READ:
            raise UsageError(
                f"{path}: only {', '.join(READ)} files can be read.",
                "Save it as one of them, and add that.",
            )
        found |= dict.fromkeys(inside, path if path.is_dir() else None)
    return found


def _origin(place: Place, key: str, state: DocumentState, warnings: tuple[str, ...]) -> Origin:
    try:
        stat = place.path.stat()
        size, modified = stat.st_size, stat.st_mtime_ns
    except OSError:  # gone meanwhile: the next build will see
        size, modified = 0, 0
    return Origin(place.path, place.folder, key, size, modified, state, warnings)


def _refused(place: Place, key: str, error: DocumentRefused) -> RefusedFile:
    return RefusedFile(place.path, file_id(place.path), key, str(error))


def _refusal(one: RefusedFile) -> Refusal:
    return Refusal(path=str(one.path), reason=one.reason)
