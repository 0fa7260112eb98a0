"""One step of the measurement of a size, in a process of its own:
`python -m evals.bench.sizes_worker build|update|ask|recall HOME CHUNKS`. Prints JSON.

Up to ten thousand chunks the vectors are the model's; of more, a chunk's vector is the mean of its
sentences' real vectors, moved a little, since to encode a million texts would take a day.
"""

import json
import shutil
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import build, open_assistant
from assistant.index.ledger.ledger import Ledger
from assistant.index.reader import Index
from assistant.models.embedding import EmbeddingModel, Progress, Vectors
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals.bench.answers import QUESTIONS
from evals.bench.memory import peak_memory

REAL = 10_000  # chunks up to which every text is encoded
_MOVED = 0.35  # length of what is added to a unit vector
_ASKED = 90
_PROBES = 100  # chunks, moved, which are searched for beside the questions
_NEAREST = 10
_SLICE = 20_000
_STEPS = ("Reading", "Embedding", "Writing the index")


class Approximate(EmbeddingModel):
    """The real model's questions; of documents, the mean of the real vectors of their sentences,
    moved a little in a direction that the text draws."""

    def __init__(self, exports: Path, sentences: Path) -> None:
        """`sentences`: a file of texts (.json) with their vectors beside it (.npy)."""
        super().__init__(exports=exports)
        self._sentences = sentences

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See the class."""
        found = np.array([self._vector(text) for text in texts], dtype=np.float32)
        if progress:
            progress(len(texts))
        return found.reshape(len(texts), self._vectors.shape[1])

    @cached_property
    def _known(self) -> dict[str, int]:
        texts = json.loads(self._sentences.read_text("utf-8"))
        return {_key(text): n for n, text in enumerate(texts)}

    @cached_property
    def _vectors(self) -> Vectors:
        vectors: Vectors = np.load(self._sentences.with_suffix(".npy"))
        return vectors

    def _vector(self, text: str) -> Vectors:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        parts = text.replace("\n", ". ").split(". ")
        known = [self._known[key] for part in parts if (key := _key(part)) in self._known]
        if len(parts) == len(known) == 1:
            alone: Vectors = self._vectors[known[0]]
            return alone
        near = known or [int(chance.integers(len(self._vectors)))]
        vector = self._vectors[near].mean(0)
        return moved(vector / np.linalg.norm(vector), chance)


def moved(vectors: Vectors, chance: np.random.Generator) -> Vectors:
    """Unit vectors near these, shape (..., dimension)."""
    added = chance.normal(size=vectors.shape)
    added *= _MOVED / np.linalg.norm(added, axis=-1, keepdims=True)
    found = vectors + added
    found /= np.linalg.norm(found, axis=-1, keepdims=True)
    return found.astype(np.float32)


class Steps(TerminalProgress):
    """Progress that keeps how long each step took."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """As always, timed."""
        began = time.perf_counter()
        with super().step(name, total) as advance:
            yield advance
        self.seconds[name] = round(time.perf_counter() - began, 1)


def main() -> None:
    """The step that is named."""
    step, home, size = sys.argv[1:]
    exports = Path(home) / f"index-{size}" / "encoder"
    model = (
        EmbeddingModel(exports=exports)
        if int(size) <= REAL
        else Approximate(exports, Path(home) / "sentences.json")
    )
    settings = Settings(index=Path(home) / f"index-{size}")
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "build": lambda: _build(settings, Path(home) / f"corpus-{size}", model),
        "update": lambda: _update(settings, Path(home) / f"corpus-{size}", model),
        "ask": lambda: _ask(settings),
        "recall": lambda: _recall(settings, model),
    }
    print(json.dumps(steps[step]()))


def _build(settings: Settings, corpus: Path, model: EmbeddingModel) -> dict[str, Any]:
    # What a build that was broken off left would be kept, and make this one look quick.
    shutil.rmtree(settings.index_folder, ignore_errors=True)
    model.load()
    progress = Steps()
    began = time.perf_counter()
    report = build(settings, progress, (corpus,), model)
    return {
        "chunks": report.chunks,
        "build_seconds": round(time.perf_counter() - began, 1),
        "steps": [progress.seconds.get(name, 0) for name in _STEPS],
        "build_memory": peak_memory(),
    }


def _update(settings: Settings, corpus: Path, model: EmbeddingModel) -> dict[str, Any]:
    model.load()
    path = min(corpus.iterdir())
    path.write_text(path.read_text("utf-8") + "\n\nOne more sentence stands here.\n", "utf-8")
    began = time.perf_counter()
    report = build(settings, TerminalProgress(), (corpus,), model)
    assert report.replaced == 1, report
    return {"update_seconds": round(time.perf_counter() - began, 1)}


def _ask(settings: Settings) -> dict[str, Any]:
    began = time.perf_counter()
    assistant = open_assistant(settings, TerminalProgress())
    assistant.warm_up()
    opened = time.perf_counter() - began
    asked = [f"{QUESTIONS[n % len(QUESTIONS)]} {n}" for n in range(_ASKED + 10)]
    for question in asked[:10]:
        assistant.ask(question)
    answers = [_timed(lambda q=q: assistant.ask(q)) for q in asked[10:]]  # type: ignore[misc]
    searches = [_timed(lambda q=q: assistant.search(q)) for q in asked[10:]]  # type: ignore[misc]
    assistant.close()
    return {
        "open_seconds": round(opened, 1),
        "p50": round(1000 * float(np.percentile(answers, 50)), 1),
        "p95": round(1000 * float(np.percentile(answers, 95)), 1),
        "search_p50": round(1000 * float(np.percentile(searches, 50)), 1),
        "answer_memory": peak_memory(),
    }


def _recall(settings: Settings, model: EmbeddingModel) -> dict[str, Any]:
    """The share of the ten nearest of an exact scan that the vector search finds, for questions and
    for chunks that were moved a little."""
    folder = settings.index_folder
    with closing(Ledger(folder)) as ledger:
        rows = ledger.chunks.rows()
        chance = np.random.default_rng(7)
        drawn = [
            rows[n][2] for n in chance.choice(len(rows), min(_PROBES, len(rows)), replace=False)
        ]
        probes = moved(ledger.embeddings.get(drawn, model.fingerprint), chance)
        questions = np.array([model.encode_question(question) for question in QUESTIONS])
        wanted = np.concatenate([probes, questions])
        best: list[list[tuple[float, str]]] = [[] for _ in wanted]
        scan = 0.0
        for first in range(0, len(rows), _SLICE):
            part = rows[first : first + _SLICE]
            vectors = ledger.embeddings.get([key for _, _, key in part], model.fingerprint)
            began = time.perf_counter()
            near = wanted @ vectors.T
            scan += time.perf_counter() - began
            top = np.argpartition(-near, min(_NEAREST, len(part) - 1), axis=1)[:, :_NEAREST]
            for n, places in enumerate(top):
                best[n] += [(float(near[n, p]), part[p][0]) for p in places]
                best[n] = sorted(best[n], reverse=True)[:_NEAREST]
    found, seconds = [], []
    with closing(Index(folder, model)) as index, index.view() as view:
        for vector, exact in zip(wanted, best, strict=True):
            began = time.perf_counter()
            got = {name for name, _ in view.nearest(vector, 100)[:_NEAREST]}
            seconds.append(time.perf_counter() - began)
            found.append(len(got & {name for _, name in exact}) / len(exact))
    return {
        "recall": round(float(np.mean(found)), 4),
        "nearest": [
            round(1000 * float(np.median(seconds)), 1), round(1000 * scan / len(wanted), 1),
        ],
    }  # fmt: skip


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _key(sentence: str) -> str:
    return sentence.strip().rstrip(".")


if __name__ == "__main__":
    main()
