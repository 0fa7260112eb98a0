"""Speed and memory as ratios within one process: these hold where seconds do not.

The larger corpora are made of real sentences of the shipped library, drawn with a fixed seed
into paragraphs and sections as long as the library's own.
"""

import json
import math
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import build, open_assistant
from assistant.models.embedding import EmbeddingModel, Progress, Vectors
from assistant.resources import shipped_corpus
from assistant.settings import Settings
from assistant.terminal import TerminalProgress

QUESTIONS = (
    "Should we scale up or scale out?",
    "Who should be on the implementation team?",
    "We've done the training and nothing's really changed. What now?",
    "How long is this going to take?",
    "How do I know when we're ready to scale?",
    "Teachers want to drop two lessons. Is that OK?",
    "What are the seven principles for change in complex systems?",
    "Our champion's leaving in six weeks. Help!",
    "The pilot funding ends in March and everyone loves it. Now what?",
    "Our fidelity's 62%. Is that good?",
)
_SENTENCES_A_SECTION = (3, 7)
_SECTIONS_A_DOCUMENT = 8


class _Recording(EmbeddingModel):
    """The real model, remembering what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.texts += texts
        return super().encode(texts, progress)


def run_bench(sizes: Sequence[int], progress: TerminalProgress) -> dict[str, Any]:
    """All measurements. Takes some minutes for 10,000 chunks."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        found: dict[str, Any] = {
            "build": _bench_build(home, progress),
            "library": _bench_library(home / "by-process"),
            "answers": [],
        }
        library = library_sentences(home / "library")
        for size in sizes:
            found["answers"].append(_bench_answers(home, size, library, progress))
        found["memory_mib"] = _memory_of_50_answers(home / "library")
        found["help_cpu_seconds"] = _cpu_of_help()
    return found


def bench_table(found: dict[str, Any]) -> str:
    """The measurements beside their bounds."""
    build_ = found["build"]
    rows = [
        ("build / encoding alone", build_["ratio"], "<= 1.25"),
        ("  strings, seconds", f"{build_['strings']}, {build_['seconds']}", ""),
        ("  encoding alone, seconds", build_["alone"], ""),
    ]
    library = found["library"]
    rows += [
        ("library from nothing, seconds", library["from_nothing"], ""),
        ("  chunks, chunks a second", f"{library['chunks']:,}, {library['chunks_a_second']}", ""),
        ("  again, nothing changed, seconds", library["unchanged"], ""),
        ("  start-up alone: one search, seconds", library["start_up"], ""),
        ("one note changed / more than start-up, seconds", library["over_start_up"], "<= 5"),
    ]
    for answer in found["answers"]:
        at = f"at {answer['chunks']:,} chunks"
        rows += [
            (f"answer p50 / question encoding {at}", answer["p50_ratio"], "<= 4"),
            (f"answer p95 / question encoding {at}", answer["p95_ratio"], "<= 8"),
            ("  encoding, p50, p95 (ms)", answer["milliseconds"], ""),
        ]
    rows += [
        ("peak memory of 50 answers (MiB)", found["memory_mib"], "<= 900"),
        ("assistant --help (s of CPU)", found["help_cpu_seconds"], "< 0.6"),
    ]
    return "\n".join(f"{name:52}{value!s:>26}  {bound}" for name, value, bound in rows)


def _bench_build(home: Path, progress: TerminalProgress) -> dict[str, Any]:
    model = _Recording()
    # Warm: everything imported, the model loaded, one small index built.
    write_corpus(home / "warm-up", 8, ["Nothing is said in this sentence of eight words."] * 9)
    build(Settings(index=home / "warm-up-index"), progress, (home / "warm-up",), model)
    model.texts.clear()
    seconds = _timed(lambda: build(Settings(index=home / "library"), progress, model=model))
    texts = list(model.texts)
    alone = _timed(lambda: model.encode(texts))
    return {
        "strings": len(texts),
        "seconds": round(seconds, 2),
        "alone": round(alone, 2),
        "ratio": round(seconds / alone, 3),
    }


def _bench_library(home: Path) -> dict[str, Any]:
    """The shipped library as its users build it: a new process each time."""
    corpus, index = home / "corpus", home / "index"
    shutil.copytree(shipped_corpus(), corpus)
    build_it = ("build", "--json", "--corpus", str(corpus), "--index", str(index))
    report, from_nothing = _assistant(*build_it)
    _, unchanged = _assistant(*build_it)
    _, start_up = _assistant("search", QUESTIONS[0], "--json", "--index", str(index))
    note = min((corpus / "notes").rglob("*.md"))
    note.write_text(note.read_text("utf-8") + "\nOne more sentence stands here.\n", "utf-8")
    changed_report, changed = _assistant(*build_it)
    assert changed_report["replaced"] == 1, changed_report
    return {
        "from_nothing": round(from_nothing, 1),
        "chunks": report["chunks"],
        "chunks_a_second": round(report["chunks"] / from_nothing, 1),
        "unchanged": round(unchanged, 1),
        "start_up": round(start_up, 1),
        "changed": round(changed, 1),
        "over_start_up": round(changed - start_up, 1),
    }


def _assistant(*arguments: str) -> tuple[Any, float]:
    """What a command prints as JSON, and the seconds that it took."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "assistant", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout), time.perf_counter() - began


def _bench_answers(
    home: Path, chunks: int, library: list[str], progress: TerminalProgress
) -> dict[str, Any]:
    settings = Settings(index=home / f"index-{chunks}")
    corpus = home / f"corpus-{chunks}"
    write_corpus(corpus, chunks, library)
    report = build(settings, progress, (corpus,))
    assistant = open_assistant(settings, progress)
    model = EmbeddingModel()
    questions = [f"{q} {n}" for n in range(10) for q in QUESTIONS]  # none is asked twice
    for question in questions[:10]:
        assistant.ask(question)
        model.encode_question(question)
    encoding = [_timed(lambda q=q: model.encode_question(q)) for q in questions[10:]]  # type: ignore[misc]
    answers = [_timed(lambda q=q: assistant.ask(q)) for q in questions[10:]]  # type: ignore[misc]
    assistant.close()
    base = float(np.median(encoding))
    p50, p95 = (float(np.percentile(answers, p)) for p in (50, 95))
    return {
        "chunks": report.chunks,
        "p50_ratio": round(p50 / base, 2),
        "p95_ratio": round(p95 / base, 2),
        "milliseconds": [round(x * 1000, 1) for x in (base, p50, p95)],
    }


def library_sentences(index: Path) -> list[str]:
    """The sentences of more than seven words of an index."""
    assistant = open_assistant(Settings(index=index), TerminalProgress())
    texts = [text for _, text in assistant.documents().values()]
    assistant.close()
    lines = [line for text in texts for line in text.split("\n")]
    return [s.strip() + "." for line in lines for s in line.split(". ") if len(s.split()) > 7]


def write_corpus(folder: Path, chunks: int, sentences: list[str]) -> None:
    """Documents of eight sections, one chunk each, until there are enough chunks. Sections are
    headed by the first words of other sentences."""
    chance = random.Random(f"corpus of {chunks}")
    folder.mkdir()
    for number in range(math.ceil(chunks / _SECTIONS_A_DOCUMENT)):
        parts = [f"# Guide {number}"]
        for section in range(_SECTIONS_A_DOCUMENT):
            drawn = chance.sample(sentences, chance.randint(*_SENTENCES_A_SECTION))
            heading = " ".join(chance.choice(sentences).split()[: chance.randint(3, 7)])
            parts += [f"## {section + 1} {heading}", " ".join(drawn)]
        (folder / f"guide-{number}.md").write_text("\n\n".join(parts), "utf-8")


def _memory_of_50_answers(index: Path) -> float:
    """Peak memory in MiB of a fresh process that answers 50 questions."""
    code = (
        "import json, sys; from pathlib import Path; from evals.bench.memory import peak_memory;"
        "from assistant.app import open_assistant; from assistant.settings import Settings;"
        "from assistant.terminal import TerminalProgress;"
        "a = open_assistant(Settings(index=Path(sys.argv[1])), TerminalProgress());"
        "[a.ask(f'{q} {n}') for n in range(5) for q in json.loads(sys.argv[2])];"
        "print(peak_memory())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(index), json.dumps(QUESTIONS)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def _cpu_of_help() -> float:
    """CPU seconds of `assistant --help`, the best of three."""
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "assistant", "--help"]
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return round(min(taken), 2)


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
