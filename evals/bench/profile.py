"""Where the time of a warm answer and of a build goes, by what does the work."""

import cProfile
import pstats
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.app import build, open_assistant
from assistant.models.embedding import EmbeddingModel
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from assistant.tracing import timed
from evals.bench.answers import QUESTIONS

_ROUNDS = 3
_SHOWN = 14
_LIBRARIES = (
    (re.compile(r"onnxruntime.*\brun\b"), "encoder"),
    (re.compile(r"'acquire' of '_thread.lock'"), "encoder, in threads"),
    (re.compile(r"'(?:query|add|delete|get)' of 'builtins.Bindings'"), "vector store"),
    (re.compile(r"of 'sqlite3\."), "SQLite"),
    (re.compile(r"of 're\.|of '_sre|/re/"), "regular expressions"),
    (re.compile(r"tokenizers|encode_batch"), "tokenizer"),
)
_OURS = re.compile(r"/assistant/(\w+)")


def run_profile(index: Path) -> dict[str, Any]:
    """Of a warm answer, its steps (milliseconds) and what does the work; of a build of the shipped
    library, what does the work. Shares are of the time under the profiler, which is longer."""
    assistant = open_assistant(Settings(index=index), TerminalProgress())
    assistant.warm_up()
    for question in QUESTIONS:
        assistant.ask(question)
    asked = [f"{question} {n}" for n in range(_ROUNDS) for question in QUESTIONS]
    steps: defaultdict[str, float] = defaultdict(float)
    for question in asked:
        with timed() as line:
            assistant.ask(f"{question} now")
        for one in line.timings():
            steps[f"{one.inside or ''} > {one.name}".removeprefix(" > ")] += one.ms / len(asked)
    answering = _profiled(lambda: [assistant.ask(question) for question in asked])
    assistant.close()
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        settings = Settings(index=Path(folder) / "index")
        model = EmbeddingModel(exports=index / "encoder")
        model.load()
        building = _profiled(lambda: build(settings, TerminalProgress(), model=model))
    most = sorted(steps.items(), key=lambda step: -step[1])
    return {
        "steps": {name: round(ms, 1) for name, ms in most[:_SHOWN]},
        "answer": answering,
        "build": building,
    }


def profile_table(found: dict[str, Any]) -> str:
    """Three tables below each other."""
    parts = [("Steps of a warm answer", found["steps"], "ms")]
    parts += [
        ("What an answer's time goes to", found["answer"], "%"),
        ("What a build's time goes to", found["build"], "%"),
    ]
    return "\n\n".join(
        "\n".join([title, *(f"  {name:50}{value:>8} {unit}" for name, value in rows.items())])
        for title, rows, unit in parts
    )


def _profiled(call: Callable[[], object]) -> dict[str, float]:
    """The share of the time (per cent) of each that does the work, the most first."""
    profile = cProfile.Profile()
    profile.runcall(call)
    taken: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        taken[_who(f"{file} {name}")] += own
    whole = sum(taken.values())
    return {
        name: round(100 * seconds / whole, 1)
        for name, seconds in taken.most_common(_SHOWN)
        if seconds >= whole / 200
    }


def _who(function: str) -> str:
    for pattern, name in _LIBRARIES:
        if pattern.search(function):
            return name
    ours = _OURS.search(function)
    return f"assistant.{ours[1]}" if ours else "Python and other libraries"
