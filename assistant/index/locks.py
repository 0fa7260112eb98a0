"""Locks between processes, by flock: the kernel lets go of them however a process ends."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


class FileLock:
    """A lock on a file, shared or exclusive, held until `release`."""

    def __init__(self, path: Path, shared: bool) -> None:
        self._path = path
        self._mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._handle: int | None = None

    def acquire(self, when_busy: Callable[[], None] | None = None) -> bool:
        """Take the lock. Where another holds it: wait if `when_busy` is given, after telling it;
        else give up at once. Returns whether the lock is held. Raises OSError."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(handle, self._mode | fcntl.LOCK_NB)
            except BlockingIOError:
                if when_busy is None:
                    os.close(handle)
                    return False
                when_busy()
                fcntl.flock(handle, self._mode)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go of the lock, if held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
