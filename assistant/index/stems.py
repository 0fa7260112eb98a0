"""Words as the full-text index sees them, by FTS5's own tokenizer."""

import sqlite3
import threading
from collections.abc import Sequence

_MOST_KNOWN = 200_000  # words remembered, some 30 MB


class Stemmer:
    """Porter stems of words, remembered once they were asked for. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "CREATE VIRTUAL TABLE words USING fts5 (word, tokenize = 'porter unicode61');"
            "CREATE VIRTUAL TABLE stems USING fts5vocab (words, 'instance');"
        )

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stem of each word, in order; a word that is no token keeps its own form."""
        with self._lock:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            new = [word for word in dict.fromkeys(words) if word not in self._known]
            if new:
                self._known |= self._stemmed(new)
            return [self._known[word] for word in words]

    def _stemmed(self, words: Sequence[str]) -> dict[str, str]:
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO words (rowid, word) VALUES (?, ?)", list(enumerate(words, 1))
        )
        found = dict(self._db.execute("SELECT doc, term FROM stems"))
        self._db.execute("ROLLBACK")
        return {word: found.get(number, word) for number, word in enumerate(words, 1)}
