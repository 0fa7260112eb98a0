"""A copy of an index, to be changed by itself."""

import shutil
from contextlib import closing
from pathlib import Path

from assistant.errors import IndexMissing
from assistant.index.ledger.ledger import Ledger
from assistant.index.locks import FileLock
from assistant.index.places import generation_folder
from assistant.index.storage import storage_errors


def copy_index(source: Path, target: Path) -> None:
    """Copy what is live of an index into a folder that is not there yet. Builds of it wait until
    that is done, and it waits for them; what is broken off leaves no index that opens.

    Raises IndexMissing, IndexOutdated, IndexNotWritable, StorageFull.
    """
    with storage_errors(source):
        lock = FileLock(source / "build.lock", shared=True)
        lock.acquire(when_busy=lambda: None)
        try:
            with storage_errors(target), closing(Ledger(source)) as ledger:
                state = ledger.state()
                if state is None:
                    raise IndexMissing(f"There is no index in {source}.", "Run: assistant build")
                number = state.generation
                target.mkdir(parents=True)
                shutil.copytree(
                    generation_folder(source, number), generation_folder(target, number)
                )
                ledger.copy_to(target)  # last: without it there is no index
        finally:
            lock.release()
