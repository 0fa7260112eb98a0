"""Where things are in the folder of an index."""

import os
from pathlib import Path

from assistant.index.locks import FileLock


def given_folder(index: Path) -> Path:
    """Where texts are kept that were added without a file of their own."""
    return Path(os.path.abspath(index / "given"))  # noqa: PTH100  # links keep their name


def encoder_folder(index: Path) -> Path:
    """Where the model is kept in the form that loads at once."""
    return index / "encoder"


def generation_folder(index: Path, number: int) -> Path:
    """The directory of a generation."""
    return index / "generations" / str(number)


def generation_lock(index: Path, number: int, shared: bool) -> FileLock:
    """The lock that a reader shares while a generation is in use."""
    return FileLock(index / "generations" / f"{number}.lock", shared)
