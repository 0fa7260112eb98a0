"""Speed and memory of the chat as its readers meet it: the command in a process of its own, asked
through its socket by as many readers as wanted. On this computer only, bounded in count and time.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from evals.bench.answers import QUESTIONS
from evals.bench.crowd import Crowd, milliseconds, readers_of
from evals.bench.server import Server, running_chat

_WARM_UP = 10
_QUESTIONS = 200  # asked one after another, for first words and for memory
_LOAD = "from assistant.models.embedding import EmbeddingModel; EmbeddingModel().load()"


def run_chat_bench(index: Path, readers: int, seconds: float) -> dict[str, Any]:
    """All measurements of the chat over an index that is built. Takes `seconds` and a minute.
    Raises BenchFailed."""
    loading = _cpu_of_loading()
    with (
        tempfile.TemporaryDirectory(prefix="assistant-bench-") as home,
        running_chat(index, Path(home)) as server,
    ):
        cpu = server.cpu()
        found = asyncio.run(_measured(server, readers, seconds))
    return {
        "ready_cpu_seconds": round(cpu, 2),
        "loading_cpu_seconds": round(loading, 2),
        "beyond_loading": round(cpu - loading, 2),
        **found,
    }


def chat_table(found: dict[str, Any]) -> str:
    """The measurements beside their bounds."""
    load = found["load"]
    rows = [
        ("ready, beyond loading the model (s of CPU)", found["beyond_loading"], "<= 3"),
        ("  ready, loading alone (s of CPU)",
         f"{found['ready_cpu_seconds']}, {found['loading_cpu_seconds']}", ""),
        ("first words p50, p95 (ms)", found["first_words_ms"], "<= 300"),
        ("whole answer p50, p95 (ms)", found["answer_ms"], ""),
        (f"{load['readers']} readers for {load['seconds']} s: questions", load["questions"], ""),
        ("  errors", load["errors"], "0"),
        ("  whole answer p50, p95 (ms)", load["answer_ms"], "p95 <= 1500"),
        ("memory after 100, 200 questions, the load (MiB)", found["memory_mib"], "<= 1126, flat"),
    ]  # fmt: skip
    return "\n".join(f"{name:52}{value!s:>26}  {bound}" for name, value, bound in rows)


async def _measured(server: Server, readers: int, seconds: float) -> dict[str, Any]:
    taken, memory = [], []
    async with readers_of(server.address, 1) as (one,):
        for n in range(_WARM_UP + _QUESTIONS):
            # Conversations of ten questions: what is remembered of one should not be measured.
            if n % 10 == 0:
                await one.leave()
                await one.connect()
            taken.append(await one.ask(f"{QUESTIONS[n % len(QUESTIONS)]} {n}"))
            if n + 1 - _WARM_UP in (_QUESTIONS // 2, _QUESTIONS):
                memory.append(server.memory())
    load = await _load(server.address, readers, seconds)
    memory.append(server.memory())
    measured = taken[_WARM_UP:]
    first = [asked.first - asked.sent for asked in measured if asked.first is not None]
    return {
        "first_words_ms": milliseconds(first, 50, 95),
        "answer_ms": milliseconds([asked.seconds for asked in measured], 50, 95),
        "load": load,
        "memory_mib": memory,
    }


async def _load(address: str, readers: int, seconds: float) -> dict[str, Any]:
    """Readers at once, for so long."""
    async with readers_of(address, readers) as pages:
        crowd = Crowd(pages)
        await crowd.ask_for(seconds, (f"{QUESTIONS[n % len(QUESTIONS)]} {n}" for n in count()))
    taken = [asked.seconds for asked in crowd.asked if asked.answered and not asked.problem]
    return {
        "readers": readers,
        "seconds": seconds,
        "questions": len(taken),
        "errors": crowd.errors.total(),
        "answer_ms": milliseconds(taken, 50, 95),
    }


def _cpu_of_loading() -> float:
    """CPU seconds of a process that loads the model and does nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _LOAD], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
