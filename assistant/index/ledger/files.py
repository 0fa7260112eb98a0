"""What the ledger remembers of files: which were added by themselves, which were refused and why,
and what became of each."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from assistant.records import Listed


@dataclass(frozen=True)
class RefusedFile:
    """A file that was refused: the id that its document would have, its key as in `File` (empty
    if it could not even be opened), and why."""

    path: Path
    document_id: str
    key: str
    reason: str


class FileRecords:
    """The files of one ledger. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def added(self) -> list[Path]:
        """The files that were added by themselves, in the order in which they were."""
        rows = self._db.execute("SELECT path FROM added ORDER BY number")
        return [Path(path) for (path,) in rows]

    def note_added(self, path: Path) -> None:
        """Remember a file that was added by itself."""
        self._db.execute("INSERT OR IGNORE INTO added (path) VALUES (?)", (str(path),))

    def forget_added(self, path: Path) -> None:
        """Read a file that was added by itself no more."""
        self._db.execute("DELETE FROM added WHERE path = ?", (str(path),))

    def refused(self) -> dict[Path, RefusedFile]:
        """The files that were refused when they were last read."""
        rows = self._db.execute("SELECT path, document_id, key, reason FROM refused ORDER BY path")
        return {Path(row[0]): RefusedFile(Path(row[0]), *row[1:]) for row in rows}

    def note_refused(self, file: RefusedFile) -> None:
        """Remember a file that was refused."""
        self._db.execute(
            "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?)",
            (str(file.path), file.document_id, file.key, file.reason),
        )

    def forget_refused(self, path: Path) -> None:
        """A file is refused no more, or is none of ours."""
        self._db.execute("DELETE FROM refused WHERE path = ?", (str(path),))

    def listed(self) -> list[Listed]:
        """Every document and every refused file, by path."""
        refused = self.refused()
        rows = self._db.execute(
            "SELECT id, fields, path, state, warnings,"
            " (SELECT count(*) FROM chunks WHERE document_id = documents.id) FROM documents"
        )
        found = []
        for name, fields, path, state, warnings, chunks in rows:
            refusal = refused.pop(Path(path), None)
            found.append(
                Listed(
                    document_id=name,
                    title=json.loads(fields)["title"],
                    path=path,
                    state="refused" if refusal else state,
                    reason=refusal.reason if refusal else " ".join(json.loads(warnings)) or None,
                    chunks=chunks,
                )
            )
        found += [
            Listed(
                document_id=one.document_id,
                title=one.path.name,
                path=str(one.path),
                state="refused",
                reason=one.reason,
                chunks=0,
            )
            for one in refused.values()
        ]
        return sorted(found, key=lambda one: (one.path, one.document_id))
