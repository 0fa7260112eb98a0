"""The ledger: one SQLite file that holds what was indexed, and which generation is live.

Documents with their normalised text and original bytes by content hash, chunks, sentences, the
full-text index, and embeddings by text and model. All readers see one commit or the next.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assistant.errors import DocumentNotFound, IndexMissing, IndexOutdated
from assistant.library.corpus import Reading
from assistant.models.embedding import Vectors
from assistant.records import Chunk, Document, Sentence, SentenceRole, Signpost, SourcePart

SCHEMA_VERSION = 2
FILE = "ledger.db"
_MANY = 400  # values in one SQL list
T = TypeVar("T")

_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE contents (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL, original BLOB NOT NULL);
CREATE TABLE documents (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES contents, fields TEXT NOT NULL
);
CREATE TABLE chunks (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
  section TEXT NOT NULL, prefix TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  key BLOB NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document_id);
CREATE TABLE sentences (
  chunk INTEGER NOT NULL, n INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  block INTEGER NOT NULL, role TEXT NOT NULL, marker TEXT NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (chunk, n)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (prefix, body, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'row');
CREATE TABLE embeddings (key BLOB NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL);
CREATE UNIQUE INDEX embeddings_by_key ON embeddings (model, key);
"""
_SIGNPOSTS = """
CREATE TABLE signposts (
  id TEXT PRIMARY KEY, document_id TEXT NOT NULL, section TEXT, text TEXT NOT NULL,
  key BLOB NOT NULL
);
CREATE INDEX signposts_by_document ON signposts (document_id, section);
"""
# What brings a ledger of each version to the present one; 0 is an empty file. A build does it,
# and fills what is new because the fingerprint of the index has changed with it.
_UPGRADES = {0: _SCHEMA + _SIGNPOSTS, 1: _SIGNPOSTS}


@dataclass(frozen=True)
class State:
    """What the index says of itself. `folders` is None where none were ever named."""

    generation: int
    fingerprint: str
    folders: tuple[Path, ...] | None


@dataclass(frozen=True)
class Entry:
    """A document of the ledger: where it came from and what it is.

    `fields` is all that was kept of it beside its text, as `document_fields` gives it.
    """

    id: str
    path: Path
    size: int
    modified: int
    sha256: str
    title: str
    publisher: str | None
    year: int | None
    url: str | None
    fields: str


def text_key(text: str) -> bytes:
    """The key of a text in the cache of embeddings: 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


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
        if version in _UPGRADES and create:
            self._db.executescript(
                f"BEGIN; {_UPGRADES[version]} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT"
            )
        elif version == 0:
            raise IndexMissing(f"There is no finished index in {index}.", "Run: assistant build")
        elif version != SCHEMA_VERSION:
            raise IndexOutdated(
                f"The index in {index} was built by another version of the product.",
                "Run: assistant build"
                if version in _UPGRADES
                else f"Remove the folder {index} and run: assistant build",
            )

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

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
        rows = self._db.execute(
            "SELECT id, path, size, modified, sha256, fields FROM documents ORDER BY id"
        )
        return {row[0]: _entry(row) for row in rows}

    def entries_of(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Some documents by id."""
        found: dict[str, Entry] = {}
        for part in _parts(sorted(set(ids))):
            rows = self._db.execute(
                "SELECT id, path, size, modified, sha256, fields FROM documents"
                f" WHERE id IN ({_marks(part)})",
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
            raise DocumentNotFound(
                f"No document {document_id!r} is in the index.",
                "See the ids with: assistant search",
            )
        return row[0], row[1]

    def replace_document(
        self, reading: Reading, chunks: Sequence[Chunk], signposts: Sequence[Signpost]
    ) -> None:
        """Write a document, its chunks and its signposts in place of what it was before."""
        document = reading.document
        self.remove_document(document.id)
        stat = reading.path.stat()
        self._db.execute(
            "INSERT OR IGNORE INTO contents VALUES (?, ?, ?)",
            (document.sha256, document.text, reading.original),
        )
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            (
                document.id,
                str(reading.path),
                stat.st_size,
                stat.st_mtime_ns,
                document.sha256,
                document_fields(document),
            ),
        )
        self._db.executemany(
            "INSERT INTO signposts VALUES (?, ?, ?, ?, ?)",
            [(s.id, s.document_id, s.section, s.text, text_key(s.text)) for s in signposts],
        )
        for chunk in chunks:
            cursor = self._db.execute(
                "INSERT INTO chunks (id, document_id, section, prefix, start, end, key)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    chunk.id, chunk.document_id, chunk.section, chunk.prefix, chunk.start,
                    chunk.end, text_key(chunk.embedded_text),
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

    def touch_document(self, reading: Reading) -> None:
        """Note the file of an unchanged document: its path, size and time."""
        stat = reading.path.stat()
        self._db.execute(
            "UPDATE documents SET path = ?, size = ?, modified = ? WHERE id = ?",
            (str(reading.path), stat.st_size, stat.st_mtime_ns, reading.document.id),
        )

    def remove_document(self, document_id: str) -> None:
        """Take a document out of all answers. Its content stays, by its hash."""
        numbers = "SELECT number FROM chunks WHERE document_id = ?"
        self._db.execute(f"DELETE FROM words WHERE rowid IN ({numbers})", (document_id,))
        self._db.execute(f"DELETE FROM sentences WHERE chunk IN ({numbers})", (document_id,))
        self._db.execute("DELETE FROM chunks WHERE document_id = ?", (document_id,))
        self._db.execute("DELETE FROM signposts WHERE document_id = ?", (document_id,))
        self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    # --- chunks and sentences ----------------------------------------------------------

    def chunk_keys(self) -> list[tuple[str, str, bytes]]:
        """All chunks as (id, document id, key of the embedding), by id."""
        return self._db.execute("SELECT id, document_id, key FROM chunks ORDER BY id").fetchall()

    def signpost_keys(self) -> list[tuple[str, str, bytes]]:
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
        rows: dict[str, tuple[str, str, str, str, int, int, int, str]] = {}
        sentences: dict[int, list[Sentence]] = {}
        for part in _parts(ids):
            for row in self._db.execute(
                "SELECT chunks.id, document_id, section, prefix, start, end, number,"
                " substr(text, start + 1, end - start)"
                " FROM chunks JOIN documents ON documents.id = document_id"
                f" JOIN contents USING (sha256) WHERE chunks.id IN ({_marks(part)})",
                part,
            ):
                rows[row[0]] = row
        numbers = [row[6] for row in rows.values()]
        for some in _parts(numbers):
            for chunk, *row in self._db.execute(
                "SELECT chunk, start, end, block, role, marker FROM sentences"
                f" WHERE chunk IN ({_marks(some)}) ORDER BY chunk, n",
                some,
            ):
                sentences.setdefault(chunk, []).append(_sentence(row))
        return [_chunk(rows[name], sentences) for name in ids if name in rows]

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
        self, terms: Sequence[str], k: int, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The `k` chunks that hold the words best, as (id, BM25, higher is better).

        Words in a title or heading count double. Rounded to 4 digits, ties by id.
        """
        if not terms:
            return []
        expression = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
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
        include={"title", "publisher", "year", "url", "stages", "topics", "sectors", "questions"},
    )
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _entry(row: tuple[str, str, int, int, str, str]) -> Entry:
    fields = json.loads(row[5])
    return Entry(
        id=row[0],
        path=Path(row[1]),
        size=row[2],
        modified=row[3],
        sha256=row[4],
        title=fields["title"],
        publisher=fields["publisher"],
        year=fields["year"],
        url=fields["url"],
        fields=row[5],
    )


def _chunk(
    row: tuple[str, str, str, str, int, int, int, str], sentences: dict[int, list[Sentence]]
) -> Chunk:
    name, document_id, section, prefix, start, end, number, text = row
    return Chunk(
        id=name,
        document_id=document_id,
        section=section,
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
