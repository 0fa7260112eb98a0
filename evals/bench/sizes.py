"""How everything grows with the number of chunks: building, the update of one document, answers,
the vector search beside an exact scan, memory and disk. Each step is a process of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.models.embedding import EmbeddingModel
from evals.bench.answers import library_sentences, write_corpus
from evals.bench.kept import kept
from evals.bench.server import BenchFailed
from evals.bench.sizes_worker import REAL

_ROWS = (
    ("chunks", "chunks", ""),
    ("build (s)", "build_seconds", ""),
    ("  reading, embedding, writing (s)", "steps", ""),
    ("  without embedding (s)", "build_rest", ""),
    ("  peak memory (MiB)", "build_memory", ""),
    ("one document changed (s)", "update_seconds", ""),
    ("warm answer p50 (ms)", "p50", ""),
    ("warm answer p95 (ms)", "p95", ""),
    ("  its search alone p50 (ms)", "search_p50", ""),
    ("  p50, times that of the smallest", "growth", "<= 5"),
    ("recall@10 of the vector search", "recall", ">= 0.97"),
    ("  vector search, exact scan (ms)", "nearest", ""),
    ("peak memory of answering (MiB)", "answer_memory", ""),
    ("opening the index (s)", "open_seconds", ""),
    ("disk (MiB)", "disk", ""),
)


def run_sizes_bench(sizes: Sequence[int], library: Path, keep: Path | None) -> dict[str, Any]:
    """All measurements, each size after the other: minutes for 10,000, hours for a million.
    `library` is the index of the shipped library; `keep` a folder for what is built and measured,
    where a run that was broken off goes on; without it all is gone afterwards. Raises BenchFailed.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        home = keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        sentences = library_sentences(library)
        if max(sizes) > REAL:
            texts = home / "sentences.json"
            texts.write_text(json.dumps(sentences), "utf-8")
            model = EmbeddingModel(exports=library / "encoder")
            np.save(texts.with_suffix(".npy"), model.encode(sentences))
        found = [_measured(home, size, sentences) for size in sorted(sizes)]
    for one in found:
        one["growth"] = round(one["p50"] / found[0]["p50"], 2)
    return {"sizes": found}


def sizes_table(found: dict[str, Any]) -> str:
    """A column for each size."""
    sizes = found["sizes"]
    lines = []
    for name, key, bound in _ROWS:
        cells = "".join(f"{_cell(one[key]):>22}" for one in sizes)
        lines.append(f"{name:40}{cells}  {bound}".rstrip())
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    return f"{value:,}"


def _measured(home: Path, size: int, sentences: list[str]) -> dict[str, Any]:
    corpus, index = home / f"corpus-{size}", home / f"index-{size}"
    if not corpus.is_dir():
        begun = corpus.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        write_corpus(begun, size, sentences)
        begun.replace(corpus)
    found: dict[str, Any] = {}
    for step in ("build", "update", "ask", "recall"):
        found |= kept(home / f"{step}-{size}.json", partial(_step, step, home, size))
    disk = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    rest = round(found["build_seconds"] - found["steps"][1], 1)
    return found | {"build_rest": rest, "disk": round(disk / 2**20)}


def _step(step: str, home: Path, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.bench.sizes_worker", step, str(home), str(size)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise BenchFailed(f"{step} of {size} chunks failed: {last}", "Try a smaller size.")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
