"""Where the shipped library and the prompts are: in the wheel, or in the repository."""

from pathlib import Path

COACHING = "coaching"
"""The folder of coaching data in a library."""
_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    packaged = _PACKAGE / "shipped"
    return packaged if packaged.is_dir() else _PACKAGE.parent


def shipped_corpus() -> Path:
    """The folder of the shipped guidance library."""
    return _root() / "corpus"


def shipped_prompts() -> Path:
    """The folder of prompts and frame lines."""
    return _root() / "prompts"


def shipped_coaching() -> Path:
    """The folder of the shipped coaching data."""
    return shipped_corpus() / COACHING
