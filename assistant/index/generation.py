"""Writing a generation: the vectors of all chunks and signposts, checked before anybody reads them.

Where little has changed, a copy of the one before is gone on with: to write a million vectors takes
an hour, to copy them a minute. The vector store only marks what is removed from such a copy, so
that it is written whole again before long, and at once where somebody wants a text forgotten.
"""

import math
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexDamaged
from assistant.index.gather import Plan
from assistant.index.ledger.embeddings import Row, each_once
from assistant.index.ledger.ledger import Ledger
from assistant.index.progress import Progress
from assistant.index.storage import VectorStoreFailure
from assistant.index.vectors import VectorCollection, VectorGeneration
from assistant.models.embedding import EmbeddingModel

_SAMPLE = 500  # vectors of documents that did not change that are probed again
# New vectors that are probed: all, of most teams' documents. To probe a million takes an hour.
_PROBED = 10_000
_REMOVED = 10  # a generation is written whole when every tenth of its vectors is marked as removed


@dataclass(frozen=True)
class _Change:
    """What becomes of the vectors of one kind."""

    kept: Sequence[Row]
    gone: Sequence[Row]
    new: Sequence[Row]

    @property
    def rows(self) -> list[Row]:
        """All that the new generation holds, by id."""
        return sorted([*self.kept, *self.new])


def write_generation(
    ledger: Ledger,
    plan: Plan,
    base: Path | None,
    marked: int,
    folder: Path,
    model: EmbeddingModel,
    progress: Progress,
) -> int:
    """Write all vectors into a new folder, then check that all are there and can be found. Returns
    how many are marked as removed in it.

    `base` is the generation that the plan changes, if there is one of the same model, in which so
    many are `marked`; if that is damaged, all is written anew. Raises IndexDamaged,
    VectorStoreFailure, OSError.
    """
    changes = (
        _change(plan.chunks, ledger.chunks.rows(), plan),
        _change(plan.signposts, ledger.signposts.rows(), plan),
    )
    marked += sum(len(change.gone) for change in changes)
    counts = [len(change.kept) + len(change.new) for change in changes]
    copied = (
        base is not None and base.is_dir() and not plan.forget and marked * _REMOVED <= sum(counts)
    )
    try:
        if copied and base:
            shutil.copytree(base, folder)
        to_add = [change.new if copied else change.rows for change in changes]
        with (
            progress.step("Writing the index", sum(map(len, to_add))) as advance,
            closing(VectorGeneration(folder, *counts)) as generation,
        ):
            collections = (generation.chunks, generation.signposts)
            if copied:
                for collection, change, count in zip(collections, changes, counts, strict=True):
                    collection.widen(count)
                    collection.remove([name for name, _, _ in change.gone])
            for collection, rows in zip(collections, to_add, strict=True):
                _add(collection, ledger, rows, model, advance)
        # Opened again, so that what is verified is what is on the disk.
        with closing(VectorGeneration(folder)) as generation:
            collections = (generation.chunks, generation.signposts)
            for collection, change in zip(collections, changes, strict=True):
                _verify(collection, ledger, change, model)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)  # whatever of it fitted
        if copied and isinstance(error, IndexDamaged | VectorStoreFailure):
            return write_generation(ledger, plan, None, 0, folder, model, progress)
        raise
    return marked if copied else 0


def _change(written: Sequence[Row], before: Sequence[Row], plan: Plan) -> _Change:
    changed = {*plan.gone, *plan.written}
    there = each_once(before)
    return _Change(
        kept=[row for row in there if row[1] not in changed],
        gone=[row for row in there if row[1] in changed],
        new=each_once(written),
    )


def _add(
    collection: VectorCollection,
    ledger: Ledger,
    rows: Sequence[Row],
    model: EmbeddingModel,
    advance: Callable[[int], None],
) -> None:
    """In parts, so that the vectors of a large library need not be in memory together."""
    for first in range(0, len(rows), _PROBED):
        part = rows[first : first + _PROBED]
        vectors = ledger.embeddings.get([key for _, _, key in part], model.fingerprint)
        collection.add([row[0] for row in part], [row[1] for row in part], vectors, advance)


def _verify(
    collection: VectorCollection, ledger: Ledger, change: _Change, model: EmbeddingModel
) -> None:
    """All ids are there; what is new, or much of it, and a sample of the rest find themselves."""
    probed = [
        *change.new[:: math.ceil(len(change.new) / _PROBED) or 1],
        *change.kept[:: max(1, len(change.kept) // _SAMPLE)],
    ]
    vectors = ledger.embeddings.get([key for _, _, key in probed], model.fingerprint)
    count = len(change.kept) + len(change.new)
    collection.verify(count, [name for name, _, _ in probed], vectors)
