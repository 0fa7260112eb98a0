"""Many texts in batches of like length, as many batches at once as there are processors.

A batch is computed by one thread: two that share one batch wait for each other at each of the
model's small steps.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from assistant.models.encoder import Vectors

# Word pieces of a batch, padding counted. From 256 to 2,048 the time differs by a tenth
# (`python -m evals bench --encoder`); the intermediate values of more do not stay near the
# processor, of less cost more calls.
PIECES = 1024


def lanes() -> int:
    """How many batches are computed at once: as many as OMP_NUM_THREADS says, else as there are
    processors for this process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdecimal() and int(said):
        return int(said)
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS or Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def batches_of(sizes: Sequence[int], most: int = PIECES) -> list[list[int]]:
    """The numbers of texts of those sizes in batches whose padded size is at most `most` (or of one
    text), the longest texts first: what is left to wait for at the end is short."""
    batches: list[list[int]] = []
    for n in sorted(range(len(sizes)), key=lambda n: (-sizes[n], n)):
        last = batches[-1] if batches else []
        if last and sizes[last[0]] * (len(last) + 1) <= most:
            last.append(n)
        else:
            batches.append([n])
    return batches


def in_lanes(
    texts: Sequence[str],
    batches: Sequence[list[int]],
    encode: Callable[[list[str]], Vectors],
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[list[int], Vectors]]:
    """The vectors of each batch with the numbers of its texts. `progress` is told how many more
    texts are done, by the thread that reads on."""
    if len(batches) == 1:
        yield batches[0], encode([texts[n] for n in batches[0]])
        if progress:
            progress(len(texts))
        return
    with ThreadPoolExecutor(max(1, min(lanes(), len(batches)))) as pool:
        try:
            parts = pool.map(encode, ([texts[n] for n in batch] for batch in batches))
            for batch, vectors in zip(batches, parts, strict=True):
                yield batch, vectors
                if progress:
                    progress(len(batch))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def gathered(count: int, dimension: int, parts: Iterator[tuple[list[int], Vectors]]) -> Vectors:
    """What batches gave, in the order of the texts."""
    vectors = np.empty((count, dimension), dtype=np.float32)
    for batch, part in parts:
        vectors[batch] = part
    return vectors
