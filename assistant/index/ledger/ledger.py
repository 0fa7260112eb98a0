"""The ledger: one SQLite file that holds what was indexed, and which generation is live.

Documents with their normalised text and original bytes by content hash, chunks, sentences, the
full-text index, and embeddings by text and model. All readers see one commit or the next.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexMissing, IndexOutdated
from assistant.index.ledger.chunks import ChunkRecords
from assistant.index.ledger.documents import DocumentRecords, Origin
from assistant.index.ledger.embeddings import EmbeddingRecords
from assistant.index.ledger.files import FileRecords
from assistant.index.ledger.pages import PageRecords
from assistant.index.ledger.schema import SCHEMA_VERSION, UPGRADES
from assistant.index.ledger.signposts import SignpostRecords
from assistant.index.ledger.sql import marks, parts, transaction
from assistant.index.ledger.texts import TextRecords
from assistant.index.ledger.words import WordRecords
from assistant.records import Chunk, Document, Signpost

FILE = "ledger.db"


@dataclass(frozen=True)
class State:
    """What the index says of itself. `folders` is None where none were ever named; `build` is
    counted up by every build; so many vectors of the generation are `marked` as removed."""

    generation: int
    fingerprint: str
    folders: tuple[Path, ...] | None
    build: int = 0
    marked: int = 0


class Ledger:
    """A connection to the ledger of one index, and what is in it by kind. Not for use by two
    threads at once."""

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
        self.documents = DocumentRecords(self._db)
        self.texts = TextRecords(self._db)
        self.pages = PageRecords(self._db)
        self.chunks = ChunkRecords(self._db)
        self.signposts = SignpostRecords(self._db)
        self.words = WordRecords(self._db)
        self.embeddings = EmbeddingRecords(self._db)

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

    def transaction(self) -> AbstractContextManager[None]:
        """All writes within it, or none of them."""
        return transaction(self._db)

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

    def replace_document(
        self,
        document: Document,
        origin: Origin,
        chunks: Sequence[Chunk],
        signposts: Sequence[Signpost],
    ) -> None:
        """Write a document, its chunks and its signposts in place of what it was before. Its
        text must be kept already."""
        self.remove_document(document.id)
        self.documents.write(document, origin)
        self.texts.note_version(document)
        self.pages.write(document)
        self.signposts.write(signposts)
        self.chunks.write(chunks)

    def remove_document(self, document_id: str) -> None:
        """Take a document out of all answers. Its text stays, by its hash."""
        self.chunks.remove(document_id)
        self.signposts.remove(document_id)
        self.pages.remove(document_id)
        self.documents.remove(document_id)

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
        self.texts.forget(document_id)
        for part in parts(keys):
            self._db.execute(
                f"DELETE FROM embeddings WHERE key IN ({marks(part)}) AND key NOT IN (SELECT key"
                " FROM chunks UNION SELECT key FROM signposts UNION SELECT key FROM sentences)",
                part,
            )
