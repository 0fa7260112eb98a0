"""What can be said of an index beside those who are asking it: no question waits, and nobody waits
for a question."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.index.ledger.ledger import Ledger
from assistant.index.storage import storage_errors


@dataclass(frozen=True)
class IndexFacts:
    """Counts of an index, the twelve digits that name its contents, and how many of its files have
    changed since the build."""

    documents: int
    chunks: int
    fingerprint: str
    changed: int


def facts_of(folder: Path) -> IndexFacts:
    """Those of the index in a folder. Raises IndexMissing, IndexOutdated, IndexDamaged."""
    with storage_errors(folder), closing(Ledger(folder)) as ledger, ledger.snapshot():
        places = ledger.documents.places()
        return IndexFacts(
            documents=len(places), chunks=ledger.chunks.count(),
            fingerprint=ledger.contents_fingerprint(), changed=len(stale_of(places)),
        )  # fmt: skip


def stale_of(places: Iterable[tuple[Path, bool, int, int]]) -> list[Path]:
    """Files of documents that look changed since the build, or are gone from the folder that is
    read. What was added by itself is kept when its file is gone. See `Ledger.places`."""
    return [place[0] for place in places if not _as_indexed(*place)]


def _as_indexed(path: Path, alone: bool, size: int, modified: int) -> bool:
    try:
        stat = path.stat()
    except OSError:
        return alone
    return (stat.st_size, stat.st_mtime_ns) == (size, modified)
