"""The chat under the load of a team for minutes: its speed, its memory, and that nothing is lost,
also when it is killed. On this computer only, bounded in count and time.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from evals.bench.crowd import Crowd, milliseconds, noted, readers_of
from evals.bench.harm import Harm
from evals.bench.history import kept_turns, refuse_used, size_of
from evals.bench.readers import Asked
from evals.bench.server import Server, running_chat

MINUTE = 60.0  # seconds between two looks at the memory
_EXTRACTIVE = {"ASSISTANT_ENGINE": "extractive"}
_KILL_WITHIN = 5.0  # seconds after the last questions were sent


@dataclass(frozen=True)
class _Loaded:
    """What came of the load, up to the moment in which the chat was killed."""

    questions: int
    taken: list[float]
    until_kept: list[float]
    errors: Counter[str]
    memory: list[float]
    harm: Harm
    asked: list[Asked]
    last: list[Asked]
    conversation: str


def run_load_bench(
    index: Path, questions: Sequence[str], readers: int, minutes: float, database: str = ""
) -> dict[str, Any]:
    """Readers who ask the questions in turn over an index that is built, for so many minutes. They
    are kept in a database at that address, which must be empty, or in one of their own.

    Raises BenchFailed, and as `open_store`.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as home:
        url = database or f"sqlite:///{home}/history.db"
        refuse_used(url)
        asking = cycle(questions)
        with running_chat(index, Path(home), url, **_EXTRACTIVE) as server:
            loaded = asyncio.run(_loaded(server, asking, readers, minutes * 60))
            size = size_of(url)
        errors = loaded.errors + loaded.harm.errors
        with running_chat(index, Path(home), url, **_EXTRACTIVE) as server:
            kept = kept_turns(url)
            again = asyncio.run(_taken_up(server, loaded.conversation, next(asking), errors))
            errors.update(_complaints(server))
    if again != (there := len(kept.get(loaded.conversation, ()))):
        errors[f"A conversation was taken up with {again} of its {there} turns."] += 1
    turns = {turn for conversation in kept.values() for turn in conversation}
    return {
        "readers": readers,
        "minutes": round(minutes, 2),
        "database": url.partition(":")[0],
        "questions": loaded.questions,
        "errors": dict(errors),
        "answer_ms": milliseconds(loaded.taken, 50, 95, 99),
        "kept_ms": milliseconds(loaded.until_kept, 50, 95),
        "memory_mib": loaded.memory,
        "growth_mib": round(loaded.memory[-1] - loaded.memory[0], 1),
        "database_mb": size,
        "unread": loaded.harm.unread,
        "closed_after": loaded.harm.closed_after,
        "dropped": loaded.harm.dropped,
        "dropped_unanswered": loaded.harm.unanswered,
        "killed": losses(loaded.asked, loaded.last, turns) | {"taken_up": again},
    }


def losses(asked: Sequence[Asked], last: Sequence[Asked], kept: Collection[str]) -> dict[str, int]:
    """Of all that was asked, the `last` when the chat was killed: how much was answered, and in
    flight (of the last, and not done with); how many answered turns are not among the ids of
    those `kept` and were in flight, and how many beyond these."""
    flying = {one.id for one in last if one.ended is None}
    answered = {one.id for one in asked if one.answered is not None and not one.problem}
    gone = answered.difference(kept)
    return {
        "answered": len(answered),
        "in_flight": len(flying),
        "lost_in_flight": len(gone & flying),
        "lost": len(gone - flying),
    }


async def _loaded(
    server: Server, questions: Iterator[str], readers: int, seconds: float
) -> _Loaded:
    harm = Harm()
    async with readers_of(server.address, readers) as pages:
        crowd = Crowd(pages)
        memory, _, _ = await asyncio.gather(
            _watch_memory(server, seconds),
            crowd.ask_for(seconds, questions),
            harm.do_for(server.address, seconds, questions),
        )
        asked = [one for one in crowd.asked if one.answered and not one.problem]
        taken = [one.seconds for one in asked]
        until_kept = [one.until_kept for one in asked if one.ended is not None]
        crowd.errors.update(_complaints(server))
        last = await _kill_amid(server, crowd, questions)
    conversation = next((page.conversation for page in pages if page.conversation), "")
    return _Loaded(
        len(asked), taken, until_kept, crowd.errors, memory, harm, crowd.asked, last, conversation
    )


async def _watch_memory(server: Server, seconds: float) -> list[float]:
    """In MiB, at every minute and at the end."""
    began, found = time.perf_counter(), []
    looks = [MINUTE * n for n in range(1, int(seconds / MINUTE) + 1) if MINUTE * n < seconds]
    for look in [*looks, seconds]:
        await asyncio.sleep(began + look - time.perf_counter())
        found.append(server.memory())
    return found


async def _kill_amid(server: Server, crowd: Crowd, questions: Iterator[str]) -> list[Asked]:
    """Kill the chat while all ask at once, when it is done with a third of them; gives these last
    questions."""
    pages, sent = [page for page in crowd.readers if page.connected], []
    for page in pages:
        async with noted(crowd.errors, page):
            sent.append(await page.send(next(questions)))
    until = time.perf_counter() + _KILL_WITHIN
    while sum(one.ended is not None for one in sent) < len(sent) / 3:
        if time.perf_counter() > until:
            break
        await asyncio.sleep(0.005)
    server.kill()
    # What was on its way still arrives, and counts as answered.
    await asyncio.gather(*(page.until_lost() for page in pages))
    return sent


async def _taken_up(server: Server, conversation: str, question: str, errors: Counter[str]) -> int:
    """Turns of a conversation that a reader finds again after the restart, and can go on with."""
    async with readers_of(server.address, 1) as (page,), noted(errors, page):
        await page.connect(conversation)
        await page.ask(question)
    return page.taken_up


def _complaints(server: Server) -> list[str]:
    return [f"The chat wrote: {line}" for line in server.complaints()]
