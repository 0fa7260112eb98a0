"""The texts of documents with the bytes of their files, by content hash: of every version."""

import sqlite3
from pathlib import Path

from assistant.errors import DocumentNotFound
from assistant.records import Document


class TextRecords:
    """The texts of one ledger's documents. Changes belong into a transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, document_id: str) -> tuple[str, str]:
        """A document's sha256 and normalised text. Raises DocumentNotFound."""
        row = self._db.execute(
            "SELECT sha256, text FROM documents JOIN contents USING (sha256) WHERE id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            raise _not_found(document_id)
        return row[0], row[1]

    def version_of(self, document_id: str, version: str = "") -> tuple[str, str, bool]:
        """A document's sha256 and text as they were when its sha256 began with `version`, and
        whether they have been replaced since. Raises DocumentNotFound."""
        sha256, text = self.of(document_id)
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

    def keep(self, document: Document, original: bytes) -> None:
        """Keep a text with the bytes of its file, before the document itself is written."""
        self._db.execute(
            "INSERT INTO contents VALUES (?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET original = excluded.original",
            (document.sha256, document.text, original),
        )

    def note_version(self, document: Document) -> None:
        """Say that a document has, or once had, the text that is kept."""
        self._db.execute(
            "INSERT OR IGNORE INTO versions VALUES (?, ?)", (document.id, document.sha256)
        )

    def forget(self, document_id: str) -> None:
        """Remove every version of a document's text."""
        self._db.execute("DELETE FROM versions WHERE document_id = ?", (document_id,))
        self.drop_stray()

    def drop_stray(self) -> None:
        """Remove the texts that no version of a document has: of builds that were broken off."""
        self._db.execute("DELETE FROM contents WHERE sha256 NOT IN (SELECT sha256 FROM versions)")


def _not_found(document_id: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"No document {document_id!r} is in the index.", "See the ids with: assistant list --all"
    )
