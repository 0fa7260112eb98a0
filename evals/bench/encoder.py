"""The encoder as it is started and as it is built with: CPU and memory of one question from
nothing, and how fast texts become vectors, beside sentence-transformers as it is by default."""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import build
from assistant.models.embedding import EmbeddingModel, Progress, Vectors
from assistant.models.encoder.reference import ReferenceEncoder
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals.bench.answers import QUESTIONS
from evals.bench.processes import cost_of, middle_of

_RUNS = 5
_PARTS = 10  # of the texts: the ways take turns with each


class _Collecting(EmbeddingModel):
    """The real model's tokenizer, which keeps what it should encode, and does not."""

    def __init__(self, exports: Path) -> None:
        super().__init__(exports=exports)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.texts += texts
        drawn = np.random.default_rng(len(self.texts)).normal(size=(len(texts), self.dimension))
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn.astype(np.float32)


def run_encoder_bench(index: Path) -> dict[str, Any]:
    """All measurements, some five minutes. `index` is one of the shipped library that was built."""
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        home = Path(folder)
        without = home / "without"
        shutil.copytree(index, without, ignore=lambda *_: {"encoder"})
        cold = {"graph": _cold(index), "sentence-transformers": _cold(without)}
        model = _Collecting(index / "encoder")
        build(Settings(index=home / "index"), TerminalProgress(), model=model)
        return {"cold": cold, "encoding": _encoding(model.texts, index / "encoder")}


def encoder_table(found: dict[str, Any]) -> str:
    """The measurements beside their bounds."""
    cold, encoding = found["cold"], found["encoding"]
    fast, slow = cold["graph"], cold["sentence-transformers"]
    least, half = encoding["least_cosine"], encoding["half"]
    rows = [
        ("assistant ask from nothing (s of CPU)", fast["cpu"], "<= 2"),
        ("  peak memory (MiB)", fast["memory"], "<= 450"),
        ("  without the graph (s of CPU, MiB)", f"{slow['cpu']}, {slow['memory']}", ""),
        ("texts of the library", f"{encoding['texts']:,}", ""),
        ("  graph to sentence-transformers, least cosine", least, ">= 0.9999"),
        ("  sentence-transformers by default, texts a second", encoding["by_default"], ""),
        ("  ours, times as fast", encoding["ratio"], ">= 1.5"),
        ("  of the parts, least and most", encoding["ratios"], ""),
        ("  ours in bfloat16, times as fast", half["ratio"], ">= 2.2"),
        ("  of the parts, least and most", half["ratios"], ""),
        ("  bfloat16 to fp32, least and middle cosine", half["cosines"], ""),
    ]
    return "\n".join(f"{name:52}{value!s:>26}  {bound}" for name, value, bound in rows)


def _cold(index: Path) -> dict[str, Any]:
    """A question from nothing, once to fill the caches of the disk, then as often as counts."""
    asks = ("assistant", "ask", "--index", str(index))
    cost_of(*asks, QUESTIONS[-1])
    return asdict(middle_of([cost_of(*asks, QUESTIONS[n]) for n in range(_RUNS)]))


def _encoding(texts: Sequence[str], exports: Path) -> dict[str, Any]:
    """The ways take turns, each in a process of its own: beside others in one, the threads of each
    slow down the next."""
    with ExitStack() as running:
        ways = {
            way: running.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            for way in ("default", "ours", "half")
        }

        def encoded(way: str, some: Sequence[str]) -> tuple[float, Vectors]:
            return ways[way].submit(_encoded, way, exports, some).result()

        for way in ways:
            encoded(way, texts[:200])
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        near, near_half = [], []
        for part in range(_PARTS):
            some = list(texts[part::_PARTS])
            found: dict[str, Vectors] = {}
            for way in ways:
                taken, found[way] = encoded(way, some)
                seconds[way].append(taken)
            near.append((found["default"] * found["ours"]).sum(axis=1))
            near_half.append((found["default"] * found["half"]).sum(axis=1))
    cosines = np.concatenate(near_half)
    return {
        "texts": len(texts),
        "least_cosine": round(float(np.concatenate(near).min()), 7),
        "by_default": round(len(texts) / sum(seconds["default"])),
        **_times_as_fast(seconds["default"], seconds["ours"]),
        "half": {
            **_times_as_fast(seconds["default"], seconds["half"]),
            "cosines": [round(float(cosines.min()), 4), round(float(np.median(cosines)), 4)],
        },
    }


def _encoded(way: str, exports: Path, texts: Sequence[str]) -> tuple[float, Vectors]:
    """Seconds and vectors."""
    encode = _way(way, exports)
    began = time.perf_counter()
    vectors = encode(texts)
    return time.perf_counter() - began, vectors


@cache
def _way(way: str, exports: Path) -> Callable[[Sequence[str]], Vectors]:
    """What encodes in this process."""
    if way == "default":
        return ReferenceEncoder(None, "float32").encode_by_default
    return EmbeddingModel(dtype="bfloat16" if way == "half" else "float32", exports=exports).encode


def _times_as_fast(before: Sequence[float], after: Sequence[float]) -> dict[str, Any]:
    ratios = [a / b for a, b in zip(before, after, strict=True)]
    return {
        "ratio": round(sum(before) / sum(after), 2),
        "ratios": [round(min(ratios), 2), round(max(ratios), 2)],
    }
