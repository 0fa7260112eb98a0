"""The full-text index of the chunks, which are written to it with their other rows."""

import sqlite3
from collections.abc import Sequence

from assistant.index.ledger.sql import marks, parts


class WordRecords:
    """The words of the chunks of one ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each stemmed term stands; 0 for one that stands nowhere."""
        found = dict.fromkeys(terms, 0)
        for part in parts(list(found)):
            found |= dict(
                self._db.execute(
                    f"SELECT term, doc FROM vocabulary WHERE term IN ({marks(part)})", part
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
            chosen += f" AND document_id IN ({marks(only)})"
        if without:
            chosen += f" AND document_id NOT IN ({marks(without)})"
        rows = self._db.execute(
            "SELECT id, round(-bm25(words, 2.0, 1.0), 4) AS score"
            " FROM words JOIN chunks ON number = words.rowid WHERE words MATCH ?"
            f"{chosen} ORDER BY score DESC, id LIMIT ?",
            (expression, *only, *without, k),
        )
        return [(name, float(score)) for name, score in rows]
