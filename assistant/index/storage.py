"""What the disk says when it refuses, as errors that a person understands."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import (
    AssistantError,
    IndexDamaged,
    IndexNotWritable,
    StorageFull,
    UsageError,
)

_FULL = ("disk is full", "no space left", "quota exceeded", "code: 13")
_READ_ONLY = (
    "readonly",
    "read-only",
    "permission denied",
    "unable to open database",
    "operation not permitted",
)
_DAMAGED = ("malformed", "not a database", "disk image")


class VectorStoreFailure(Exception):
    """Chroma failed; its own words are the message."""


@contextmanager
def storage_errors(index: Path) -> Iterator[None]:
    """Turn errors of files, SQLite and Chroma below an index folder into named ones.

    Any other error passes through unchanged.
    """
    try:
        yield
    except AssistantError:
        raise
    except (OSError, sqlite3.Error, VectorStoreFailure) as error:
        named = _named(error, index)
        if named is None:
            raise
        raise named from error


def _named(error: Exception, index: Path) -> AssistantError | None:
    text = str(error).lower()
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT) or any(sign in text for sign in _FULL):
        return StorageFull(
            f"There is no space left for the index in {index}.",
            "What was built before is untouched. Free some space, or choose another folder "
            "with --index, and run: assistant build",
        )
    if number in (errno.ENOTDIR, errno.EEXIST):
        return UsageError(f"The index {index} is not a folder.", "Name a folder with --index.")
    if number in (errno.EACCES, errno.EROFS, errno.EPERM) or any(s in text for s in _READ_ONLY):
        return IndexNotWritable(
            f"The index folder {index} cannot be written to.",
            "Allow writing to it, or choose another folder with --index.",
        )
    if any(sign in text for sign in _DAMAGED):
        return IndexDamaged(
            f"The index in {index} is damaged: {error}.",
            f"Remove the folder {index} and run: assistant build",
        )
    if isinstance(error, VectorStoreFailure):
        return IndexDamaged(
            f"The vector store of the index in {index} failed: {error}.",
            "Make sure that the disk has free space, and run: assistant build",
        )
    return None
