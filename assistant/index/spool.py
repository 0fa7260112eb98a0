"""Objects that wait on the disk until they are written: what was read of a large library does not
fit into memory."""

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Spool(Generic[T]):
    """A list that only grows and is read from its beginning, in a file that nobody else can open
    and that is gone with the process."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty one on the disk of that folder. Raises OSError."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (see close)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        place = 0
        for _ in range(self._count):
            self._file.seek(place)
            one = cast(T, pickle.load(self._file))
            place = self._file.tell()
            yield one

    def append(self, one: T) -> None:
        """Put one at the end. Raises OSError if the disk is full."""
        self._file.seek(0, 2)
        pickle.dump(one, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def close(self) -> None:
        """Throw all away."""
        self._file.close()
