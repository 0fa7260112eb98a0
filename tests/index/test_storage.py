import errno
import sqlite3
from pathlib import Path

import pytest

from assistant.errors import (
    AssistantError,
    CorpusError,
    IndexDamaged,
    IndexNotWritable,
    StorageFull,
)
from assistant.index.storage import VectorStoreFailure, storage_errors


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (sqlite3.OperationalError("database or disk is full"), StorageFull),
        (VectorStoreFailure("(code: 13) database or disk is full"), StorageFull),
        (OSError(errno.EACCES, "Permission denied"), IndexNotWritable),
        (OSError(errno.EROFS, "Read-only file system"), IndexNotWritable),
        (sqlite3.OperationalError("attempt to write a readonly database"), IndexNotWritable),
        (sqlite3.OperationalError("unable to open database file"), IndexNotWritable),
        (sqlite3.DatabaseError("file is not a database"), IndexDamaged),
        (VectorStoreFailure("Error in compaction"), IndexDamaged),
    ],
)
def test_what_the_disk_says_becomes_a_named_error(
    error: Exception, named: type[AssistantError]
) -> None:
    with pytest.raises(named, match="/some/index"), storage_errors(Path("/some/index")):
        raise error


def test_named_errors_pass_through() -> None:
    with pytest.raises(CorpusError), storage_errors(Path("/some/index")):
        raise CorpusError("What happened.", "What to do.")


def test_an_error_of_another_kind_is_not_dressed_up() -> None:
    with pytest.raises(FileNotFoundError), storage_errors(Path("/some/index")):
        raise FileNotFoundError(errno.ENOENT, "No such file")
