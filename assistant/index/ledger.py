"""The ledger: one SQLite file that holds what was indexed, and which generation is live.

Documents with their normalised text and original bytes by content hash, chunks, sentences, the
full-text index, and embeddings by text and model. All readers see one commit or the next.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assistant.errors import DocumentNotFound, IndexMissing, IndexOutdated
from assistant.index.files import FileRecords
from assistant.index.schema import SCHEMA_VERSION, UPGRADES
from assistant.models.embedding import Vectors
from assistant.records import (
    Chunk,
    Document,
    DocumentState,
    Page,
    Sentence,
    SentenceRole,
    Signpost,
    SourcePart,
)

FILE = "ledger.db"
_MANY = 400  # values in one SQL list
_ENTRY = "id, path, folder, key, size, modified, sha256, fields"
T = TypeVar("T")
# An id, the document that it belongs to, and the key of its embedding.
Row = tuple[str, str, bytes]


@dataclass(frozen=True)
class State:
    """What the index says of itself. `folders` is None where none were ever named; `build` is
    counted up by every build; so many vectors of the generation are `marked` as removed."""

    generation: int
    fingerprint: str
    folders: tuple[Path, ...] | None
    build: int = 0
    marked: int = 0


@dataclass(frozen=True)
class Entry:
    """A document of the ledger: where it came from and what it is.

    `fields` is all that was kept of it beside its text, as `document_fields` gives it; `folder` is
    None for a document that was added by itself; `key` is that of the `File` it was read from.
    """

    id: str
    path: Path
    folder: Path | None
    key: str
    size: int
    modified: int
    sha256: str
    title: str
    author: str | None
    publisher: str | None
    year: int | None
    url: str | None
    fields: str


@dataclass(frozen=True)
class Origin:
    """The file that a document was read from, what should be known of its reading, and what
    became of the document."""

    path: Path
    folder: Path | None
    key: str
    size: int
    modified: int
    state: DocumentState
    warnings: tuple[str, ...] = ()


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


class Ledger:
    """A connection to the ledger of one index. Not for use by two threads at once."""

    def __init__(self, index: Path, create: bool = False) -> None:
        """Open it. Raises IndexMissing, or IndexOutdated for another version of the ledger."""
        path = index / FILE
        if not create and not path.is_file():
            raise IndexMissing(f"There is no index in {index}.", "Run: assistant build")
        self.index = index
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version in UPGRADES and create:
            self._db.executescript(
                f"BEGIN; {UPGRADES[version]} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT"
            )
        elif version == 0:
            raise IndexMissing(f"There is no finished index in {index}.", "Run: assistant build")
        elif version != SCHEMA_VERSION:
            raise IndexOutdated(
                f"The index in {index} was built by another version of the product.",
                "Run: assistant build"
                if version in UPGRADES
                else f"Remove the folder {index} and run: assistant build",
            )

        self.files = FileRecords(self._db)
        """What is remembered of files beside the documents read from them."""

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def copy_to(self, index: Path) -> None:
        """Write all of it into the folder of another index."""
        with closing(sqlite3.connect(index / FILE)) as copy:
            self._db.backup(copy)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Within it, all reads see the same commit."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within it, or none of them."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk has rolled back by itself.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- what the index is -------------------------------------------------------------

    def state(self) -> State | None:
        """What is live; None before the first build has finished."""
        rows = dict(self._db.execute("SELECT key, value FROM state"))
        if "generation" not in rows:
            return None
        folders = json.loads(rows["folders"])
        return State(
            generation=int(rows["generation"]),
            fingerprint=rows["fingerprint"],
            folders=None if folders is None else tuple(map(Path, folders)),
            build=int(rows.get("build", 0)),
            marked=int(rows.get("marked", 0)),
        )

    def set_state(self, state: State) -> None:
        """Make a generation live. Within a transaction, with the documents it belongs to."""
        folders = None if state.folders is None else [str(folder) for folder in state.folders]
        self._db.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)",
            [
                ("generation", str(state.generation)),
                ("fingerprint", state.fingerprint),
                ("folders", json.dumps(folders)),
                ("build", str(state.build)),
                ("marked", str(state.marked)),
            ],
        )

    def contents_fingerprint(self) -> str:
        """Twelve digits that change with any document's text or the way it is indexed."""
        digest = hashlib.sha256()
        for row in self._db.execute("SELECT id, sha256, fields FROM documents ORDER BY id"):
            digest.update("\x1f".join(row).encode())
        state = self.state()
        digest.update((state.fingerprint if state else "").encode())
        return digest.hexdigest()[:12]

    # --- documents ---------------------------------------------------------------------

    def entries(self) -> dict[str, Entry]:
        """All documents by id."""
        rows = self._db.execute(f"SELECT {_ENTRY} FROM documents ORDER BY id")
        return {row[0]: _entry(row) for row in rows}

    def places(self) -> list[tuple[Path, bool, int, int]]:
        """Of every document its path, whether it was added by itself, and the size and the time of
        the last change that its file had."""
        rows = self._db.execute("SELECT path, folder IS NULL, size, modified FROM documents")
        return [(Path(path), bool(alone), size, at) for path, alone, size, at in rows]

    def shelves(self) -> dict[str | None, list[str]]:
        """The ids of documents by the folder that they come from; None: added by themselves."""
        found: dict[str | None, list[str]] = {}
        for name, folder in self._db.execute("SELECT id, folder FROM documents ORDER BY id"):
            found.setdefault(folder, []).append(name)
        return found

    def entries_of(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Some documents by id."""
        found: dict[str, Entry] = {}
        for part in _parts(sorted(set(ids))):
            rows = self._db.execute(
                f"SELECT {_ENTRY} FROM documents WHERE id IN ({_marks(part)})",
                part,
            )
            found |= {row[0]: _entry(row) for row in rows}
        return found

    def text_of(self, document_id: str) -> tuple[str, str]:
        """A document's sha256 and normalised text. Raises DocumentNotFound."""
        row = self._db.execute(
            "SELECT sha256, text FROM documents JOIN contents USING (sha256) WHERE id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            raise _not_found(document_id)
        return row[0], row[1]

    def source_of(self, document_id: str, version: str = "") -> tuple[str, str, bool]:
        """A document's sha256 and text as they were when its sha256 began with `version`, and
        whether they have been replaced since. Raises DocumentNotFound."""
        sha256, text = self.text_of(document_id)
        if sha256.startswith(version):
            return sha256, text, False
        row = self._db.execute(
            "SELECT sha256, text FROM versions JOIN contents USING (sha256)"
            " WHERE document_id = ? AND substr(sha256, 1, ?) = ?",
            (document_id, len(version), version),
        ).fetchone()
        if row is None:
            raise DocumentNotFound(
                f"No version {version!r} of {document_id!r} is kept.", "Ask the question again."
            )
        return row[0], row[1], True

    def original_of(self, document_id: str) -> tuple[Path, bytes]:
        """The path of a document's file and its bytes as they were read. Raises
        DocumentNotFound."""
        row = self._db.execute(
            "SELECT path, original FROM documents JOIN contents USING (sha256) WHERE id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            raise _not_found(document_id)
        return Path(row[0]), row[1]

    def keep_content(self, document: Document, original: bytes) -> None:
        """Keep a text with the bytes of its file, before the document itself is written."""
        self._db.execute(
            "INSERT INTO contents VALUES (?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET original = excluded.original",
            (document.sha256, document.text, original),
        )

    def drop_stray_contents(self) -> None:
        """Remove the texts that no version of a document has: of builds that were broken off."""
        self._db.execute("DELETE FROM contents WHERE sha256 NOT IN (SELECT sha256 FROM versions)")

    def replace_document(
        self,
        document: Document,
        origin: Origin,
        chunks: Sequence[Chunk],
        signposts: Sequence[Signpost],
    ) -> None:
        """Write a document, its chunks and its signposts in place of what it was before. Its
        content must be kept already."""
        self.remove_document(document.id)
        self._db.execute(
            f"INSERT INTO documents ({_ENTRY}, warnings, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id, str(origin.path), _text(origin.folder), origin.key, origin.size,
                origin.modified, document.sha256, document_fields(document),
                json.dumps(origin.warnings), origin.state,
            ),
        )  # fmt: skip
        self._db.execute(
            "INSERT OR IGNORE INTO versions VALUES (?, ?)", (document.id, document.sha256)
        )
        self._db.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
            [(document.id, p.start, p.end, p.number, p.label) for p in document.pages],
        )
        self._db.executemany(
            "INSERT INTO signposts VALUES (?, ?, ?, ?, ?)",
            [(s.id, s.document_id, s.section, s.text, text_key(s.text)) for s in signposts],
        )
        for chunk in chunks:
            cursor = self._db.execute(
                "INSERT INTO chunks (id, document_id, section, anchor, prefix, start, end, key)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    chunk.id, chunk.document_id, chunk.section, chunk.anchor, chunk.prefix,
                    chunk.start, chunk.end, text_key(chunk.embedded_text),
                ),
            )  # fmt: skip
            number = cursor.lastrowid
            self._db.execute(
                "INSERT INTO words (rowid, prefix, body) VALUES (?, ?, ?)",
                (number, chunk.prefix, chunk.text),
            )
            self._db.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        number, n, s.start, s.end, s.block, s.role.value, s.marker,
                        text_key(chunk.text_of(s)),
                    )
                    for n, s in enumerate(chunk.sentences)
                ],
            )  # fmt: skip

    def touch_document(self, document_id: str, origin: Origin) -> None:
        """Note the file of an unchanged document."""
        self._db.execute(
            "UPDATE documents SET path = ?, folder = ?, key = ?, size = ?, modified = ?,"
            " state = ? WHERE id = ?",
            (
                str(origin.path), _text(origin.folder), origin.key, origin.size, origin.modified,
                origin.state, document_id,
            ),
        )  # fmt: skip

    def leave_unchanged(self) -> None:
        """Say of every document that it is unchanged, before saying which are not."""
        self._db.execute("UPDATE documents SET state = 'unchanged' WHERE state <> 'unchanged'")

    def remove_document(self, document_id: str) -> None:
        """Take a document out of all answers. Its content stays, by its hash."""
        numbers = "SELECT number FROM chunks WHERE document_id = ?"
        self._db.execute(f"DELETE FROM words WHERE rowid IN ({numbers})", (document_id,))
        self._db.execute(f"DELETE FROM sentences WHERE chunk IN ({numbers})", (document_id,))
        self._db.execute("DELETE FROM chunks WHERE document_id = ?", (document_id,))
        self._db.execute("DELETE FROM signposts WHERE document_id = ?", (document_id,))
        self._db.execute("DELETE FROM pages WHERE document_id = ?", (document_id,))
        self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def forget_document(self, document_id: str) -> None:
        """Remove a document with every version of its text and its vectors."""
        self._db.execute("PRAGMA secure_delete = ON")
        keys = [
            key
            for (key,) in self._db.execute(
                "SELECT key FROM chunks WHERE document_id = :id"
                " UNION SELECT key FROM signposts WHERE document_id = :id"
                " UNION SELECT sentences.key FROM sentences JOIN chunks ON number = chunk"
                " WHERE document_id = :id",
                {"id": document_id},
            )
        ]
        self.remove_document(document_id)
        # Words of what was deleted stay in the full-text index until its parts are merged.
        self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._db.execute("DELETE FROM versions WHERE document_id = ?", (document_id,))
        self.drop_stray_contents()
        for part in _parts(keys):
            self._db.execute(
                f"DELETE FROM embeddings WHERE key IN ({_marks(part)}) AND key NOT IN (SELECT key"
                " FROM chunks UNION SELECT key FROM signposts UNION SELECT key FROM sentences)",
                part,
            )

    def pages(self, document_id: str) -> list[Page]:
        """The pages of a document, in order."""
        rows = self._db.execute(
            "SELECT start, end, number, label FROM pages WHERE document_id = ? ORDER BY start",
            (document_id,),
        )
        return [Page(start=a, end=b, number=number, label=label) for a, b, number, label in rows]

    def page_at(self, document_id: str, place: int) -> Page | None:
        """The page on which a character of a document stands; None without pages."""
        row = self._db.execute(
            "SELECT start, end, number, label FROM pages WHERE document_id = ? AND start <= ?"
            " ORDER BY start DESC LIMIT 1",
            (document_id, place),
        ).fetchone()
        return row and Page(start=row[0], end=row[1], number=row[2], label=row[3])

    # --- chunks and sentences ----------------------------------------------------------

    def chunk_keys(self) -> list[Row]:
        """All chunks as (id, document id, key of the embedding), by id."""
        return self._db.execute("SELECT id, document_id, key FROM chunks ORDER BY id").fetchall()

    def vectors_of(
        self, document_ids: Sequence[str], model: str, most: int
    ) -> tuple[list[str], Vectors] | None:
        """The ids of all chunks of documents, by id, each text of a document once, with a row of
        their cached vectors for each; None if there are more than so many chunks."""
        marks = _marks(document_ids)
        rows = self._db.execute(
            f"SELECT id, document_id, key FROM chunks WHERE document_id IN ({marks})"
            " ORDER BY id LIMIT ?",
            (*document_ids, most + 1),
        ).fetchall()
        if len(rows) > most:
            return None
        kept = each_once(rows)
        return [row[0] for row in kept], self.embeddings([row[2] for row in kept], model)

    def signpost_keys(self) -> list[Row]:
        """All signposts as (id, document id, key of the embedding), by id."""
        return self._db.execute("SELECT id, document_id, key FROM signposts ORDER BY id").fetchall()

    def signposts(self, ids: Sequence[str]) -> list[Signpost]:
        """Signposts in the order of the ids."""
        found: dict[str, Signpost] = {}
        for part in _parts(ids):
            for name, document_id, section, text in self._db.execute(
                "SELECT id, document_id, section, text FROM signposts"
                f" WHERE id IN ({_marks(part)})",
                part,
            ):
                found[name] = Signpost(id=name, document_id=document_id, section=section, text=text)
        return [found[name] for name in ids if name in found]

    def naming_questions(self, document_ids: Sequence[str]) -> set[str]:
        """Those of the documents that name questions which they answer."""
        found: set[str] = set()
        for part in _parts(sorted(set(document_ids))):
            rows = self._db.execute(
                "SELECT DISTINCT document_id FROM signposts"
                f" WHERE section IS NULL AND document_id IN ({_marks(part)})",
                part,
            )
            found |= {name for (name,) in rows}
        return found

    def chunk_count(self) -> int:
        """How many chunks there are."""
        (count,) = self._db.execute("SELECT count(*) FROM chunks").fetchone()
        return int(count)

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """Chunks with their sentences, in the order of the ids."""
        rows: dict[str, tuple[str, str, str, str | None, str, int, int, int, str]] = {}
        sentences: dict[int, list[Sentence]] = {}
        for part in _parts(ids):
            for row in self._db.execute(
                "SELECT chunks.id, document_id, section, anchor, prefix, start, end, number,"
                " substr(text, start + 1, end - start)"
                " FROM chunks JOIN documents ON documents.id = document_id"
                f" JOIN contents USING (sha256) WHERE chunks.id IN ({_marks(part)})",
                part,
            ):
                rows[row[0]] = row
        numbers = [row[7] for row in rows.values()]
        for some in _parts(numbers):
            for chunk, *row in self._db.execute(
                "SELECT chunk, start, end, block, role, marker FROM sentences"
                f" WHERE chunk IN ({_marks(some)}) ORDER BY chunk, n",
                some,
            ):
                sentences.setdefault(chunk, []).append(_sentence(row))
        return [_chunk(rows[name], sentences) for name in ids if name in rows]

    def chunk_ids_at(self, document_id: str, start: int, end: int) -> list[str]:
        """The chunks of a document that share text with a stretch of it, in their order."""
        found = self._db.execute(
            "SELECT id FROM chunks WHERE document_id = ? AND start < ? AND end > ?"
            " ORDER BY start, id",
            (document_id, end, start),
        )
        return [name for (name,) in found]

    def parts(self, document_id: str) -> list[SourcePart]:
        """The chunks of a document as stretches of its text with their headings, in order."""
        rows = self._db.execute(
            "SELECT start, end, section FROM chunks WHERE document_id = ? ORDER BY start",
            (document_id,),
        )
        return [SourcePart(start=start, end=end, section=section) for start, end, section in rows]

    def block(self, document_id: str, block: int) -> list[Sentence]:
        """All sentences of one paragraph or list, whichever chunks they are in."""
        rows = self._db.execute(
            "SELECT sentences.start, sentences.end, block, role, marker"
            " FROM sentences JOIN chunks ON number = chunk"
            " WHERE document_id = ? AND block = ? ORDER BY sentences.start",
            (document_id, block),
        )
        return [_sentence(row) for row in rows]

    # --- full text ---------------------------------------------------------------------

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each stemmed term stands; 0 for one that stands nowhere."""
        found = dict.fromkeys(terms, 0)
        for part in _parts(list(found)):
            found |= dict(
                self._db.execute(
                    f"SELECT term, doc FROM vocabulary WHERE term IN ({_marks(part)})", part
                )
            )
        return found

    def match(
        self,
        terms: Sequence[str],
        k: int,
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        together: bool = False,
    ) -> list[tuple[str, float]]:
        """The `k` chunks that hold the words best, as (id, BM25, higher is better).

        Words in a title or heading count double. `together`: only chunks with all of the words.
        The time grows with the chunks that match. Rounded to 4 digits, ties by id.
        """
        if not terms:
            return []
        expression = (" AND " if together else " OR ").join(
            '"' + term.replace('"', '""') + '"' for term in terms
        )
        chosen = ""
        if only:
            chosen += f" AND document_id IN ({_marks(only)})"
        if without:
            chosen += f" AND document_id NOT IN ({_marks(without)})"
        rows = self._db.execute(
            "SELECT id, round(-bm25(words, 2.0, 1.0), 4) AS score"
            " FROM words JOIN chunks ON number = words.rowid WHERE words MATCH ?"
            f"{chosen} ORDER BY score DESC, id LIMIT ?",
            (expression, *only, *without, k),
        )
        return [(name, float(score)) for name, score in rows]

    # --- embeddings --------------------------------------------------------------------

    def missing_embeddings(self, keys: Sequence[bytes], model: str) -> set[bytes]:
        """Those of the keys for which no vector of that model is cached."""
        missing = set(keys)
        for part in _parts(list(missing)):
            missing -= {
                key
                for (key,) in self._db.execute(
                    f"SELECT key FROM embeddings WHERE model = ? AND key IN ({_marks(part)})",
                    (model, *part),
                )
            }
        return missing

    def add_embeddings(self, keys: Sequence[bytes], vectors: Vectors, model: str) -> None:
        """Cache vectors, shape (keys, dimension)."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                [(key, model, row.tobytes()) for key, row in zip(keys, vectors, strict=True)],
            )

    def embeddings(self, keys: Sequence[bytes], model: str) -> Vectors:
        """Cached vectors in the order of the keys, all of which must be there."""
        if not keys:
            return np.zeros((0, 0), dtype=np.float32)
        found: dict[bytes, bytes] = {}
        for part in _parts(list(set(keys))):
            found |= dict(
                self._db.execute(
                    "SELECT key, vector FROM embeddings"
                    f" WHERE model = ? AND key IN ({_marks(part)})",
                    (model, *part),
                )
            )
        flat = b"".join(found[key] for key in keys)
        return np.frombuffer(flat, dtype=np.float32).reshape(len(keys), -1)


def document_fields(document: Document) -> str:
    """What the ledger keeps of a document beside its text, as JSON."""
    kept = document.model_dump(
        mode="json",
        include={
            "title", "author", "publisher", "year", "url", "stages", "topics", "sectors",
            "questions",
        },
    )  # fmt: skip
    places = [(s.id, s.path, s.start, s.end, s.quotable, s.anchor) for s in document.sections]
    pages = [(p.start, p.number, p.label) for p in document.pages]
    kept["layout"] = hashlib.sha256(repr((places, pages)).encode()).hexdigest()[:16]
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _entry(row: tuple[str, str, str | None, str, int, int, str, str]) -> Entry:
    name, path, folder, key, size, modified, sha256, fields = row
    known = json.loads(fields)
    return Entry(
        id=name,
        path=Path(path),
        folder=None if folder is None else Path(folder),
        key=key,
        size=size,
        modified=modified,
        sha256=sha256,
        title=known["title"],
        author=known.get("author"),
        publisher=known["publisher"],
        year=known["year"],
        url=known["url"],
        fields=fields,
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _not_found(document_id: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"No document {document_id!r} is in the index.", "See the ids with: assistant list --all"
    )


def _chunk(
    row: tuple[str, str, str, str | None, str, int, int, int, str],
    sentences: dict[int, list[Sentence]],
) -> Chunk:
    name, document_id, section, anchor, prefix, start, end, number, text = row
    return Chunk(
        id=name,
        document_id=document_id,
        section=section,
        anchor=anchor,
        prefix=prefix,
        start=start,
        end=end,
        text=text,
        sentences=tuple(sentences[number]),
    )


def _sentence(row: Sequence[Any]) -> Sentence:
    start, end, block, role, marker = row
    return Sentence(start=start, end=end, block=block, role=SentenceRole(role), marker=marker)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(values), _MANY):
        yield values[first : first + _MANY]
