"""Documents: what is known of each, and of the file that it was read from."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.index.ledger.sql import marks, parts
from assistant.records import Document, DocumentState

_ENTRY = "id, path, folder, key, size, modified, sha256, fields"


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


class DocumentRecords:
    """The documents of one ledger. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def entries(self) -> dict[str, Entry]:
        """All documents by id."""
        rows = self._db.execute(f"SELECT {_ENTRY} FROM documents ORDER BY id")
        return {row[0]: _entry(row) for row in rows}

    def entries_of(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Some documents by id."""
        found: dict[str, Entry] = {}
        for part in parts(sorted(set(ids))):
            rows = self._db.execute(
                f"SELECT {_ENTRY} FROM documents WHERE id IN ({marks(part)})",
                part,
            )
            found |= {row[0]: _entry(row) for row in rows}
        return found

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

    def write(self, document: Document, origin: Origin) -> None:
        """Write a document that is not here."""
        self._db.execute(
            f"INSERT INTO documents ({_ENTRY}, warnings, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id, str(origin.path), _text(origin.folder), origin.key, origin.size,
                origin.modified, document.sha256, document_fields(document),
                json.dumps(origin.warnings), origin.state,
            ),
        )  # fmt: skip

    def touch(self, document_id: str, origin: Origin) -> None:
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

    def remove(self, document_id: str) -> None:
        """Remove what is known of a document."""
        self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))


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
