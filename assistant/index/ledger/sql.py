"""What all tables of the ledger are read and written with."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

_MANY = 400  # values in one SQL list
T = TypeVar("T")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All writes within it, or none of them."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk has rolled back by itself.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def marks(values: Sequence[object]) -> str:
    """A question mark for each value, as a list of SQL."""
    return ",".join("?" * len(values))


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one list of SQL takes."""
    for first in range(0, len(values), _MANY):
        yield values[first : first + _MANY]
