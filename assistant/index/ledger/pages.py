"""The pages of documents that have some."""

import sqlite3

from assistant.records import Document, Page


class PageRecords:
    """The pages of one ledger's documents. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def write(self, document: Document) -> None:
        """Write the pages of a document that has none here."""
        self._db.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
            [(document.id, p.start, p.end, p.number, p.label) for p in document.pages],
        )

    def remove(self, document_id: str) -> None:
        """Remove the pages of a document."""
        self._db.execute("DELETE FROM pages WHERE document_id = ?", (document_id,))

    def of(self, document_id: str) -> list[Page]:
        """The pages of a document, in order."""
        rows = self._db.execute(
            "SELECT start, end, number, label FROM pages WHERE document_id = ? ORDER BY start",
            (document_id,),
        )
        return [Page(start=a, end=b, number=number, label=label) for a, b, number, label in rows]

    def at(self, document_id: str, place: int) -> Page | None:
        """The page on which a character of a document stands; None without pages."""
        row = self._db.execute(
            "SELECT start, end, number, label FROM pages WHERE document_id = ? AND start <= ?"
            " ORDER BY start DESC LIMIT 1",
            (document_id, place),
        ).fetchone()
        return row and Page(start=row[0], end=row[1], number=row[2], label=row[3])
