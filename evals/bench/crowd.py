"""Readers of the chat at once, for the benchmarks, and what goes wrong for them."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import numpy as np
import socketio

from evals.bench.readers import Asked, Reader, a_browser
from evals.bench.server import PATIENCE, BenchFailed

EVERY = 20.0  # seconds between two questions of a reader
PROBLEMS = (
    TimeoutError, BenchFailed, OSError, aiohttp.ClientError, socketio.exceptions.SocketIOError,
)  # fmt: skip


@dataclass
class Crowd:
    """Readers, and what kept any of them from an answer, with how often."""

    readers: Sequence[Reader]
    errors: Counter[str] = field(default_factory=Counter)

    async def ask_for(self, seconds: float, questions: Iterator[str]) -> None:
        """Let each ask every `EVERY` seconds, beginning at a moment of its own. Who meets a
        problem begins anew with the next question."""
        until = time.perf_counter() + seconds
        count = len(self.readers)
        turns = [
            self._ask_until(until, reader, EVERY * number / count, questions)
            for number, reader in enumerate(self.readers)
        ]
        await asyncio.gather(*turns)

    async def _ask_until(
        self, until: float, reader: Reader, wait: float, questions: Iterator[str]
    ) -> None:
        await asyncio.sleep(wait)
        while (began := time.perf_counter()) < until:
            async with noted(self.errors, reader):
                if not reader.connected:
                    await reader.connect()
                await reader.ask(next(questions))
            await asyncio.sleep(min(began + EVERY, until) - time.perf_counter())

    @property
    def asked(self) -> list[Asked]:
        """All their questions."""
        return [asked for reader in self.readers for asked in reader.asked]


@asynccontextmanager
async def noted(errors: Counter[str], reader: Reader) -> AsyncIterator[None]:
    """What goes wrong for a reader is counted by its kind, and the page closed."""
    try:
        yield
    except PROBLEMS as error:
        name = f"Nothing came within {PATIENCE:.0f} s." if type(error) is TimeoutError else ""
        errors[name or f"{type(error).__name__}: {error}"] += 1
        await reader.leave()


@asynccontextmanager
async def readers_of(address: str, count: int) -> AsyncIterator[list[Reader]]:
    """So many readers, not yet connected; their pages are closed afterwards."""
    async with AsyncExitStack() as open_pages:
        found = []
        for _ in range(count):
            browser = await open_pages.enter_async_context(a_browser())
            found.append(Reader(browser, address))
            open_pages.push_async_callback(found[-1].leave)
        yield found


def milliseconds(seconds: Sequence[float], *percents: int) -> list[float]:
    """Percentiles; none of nothing."""
    if not seconds:
        return []
    return [round(float(np.percentile(seconds, p)) * 1000, 1) for p in percents]
