"""Speed and memory of the chat as its readers meet it: the command in a process of its own, asked
through its socket by as many readers as wanted. On this computer only, bounded in count and time.
"""

import asyncio
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import httpx
import numpy as np
import socketio

from assistant.errors import AssistantError
from evals.bench import QUESTIONS

EVERY = 20.0  # seconds between two questions of a reader
_WARM_UP = 10
_QUESTIONS = 200  # asked one after another, for first words and for memory
_PATIENCE = 60.0
_LISTENING = re.compile(r"http://127\.0\.0\.1:\d+")
_LOAD = "from assistant.models.embedding import EmbeddingModel; EmbeddingModel().load()"


class BenchFailed(AssistantError):
    """The chat could not be measured."""


def run_chat_bench(index: Path, readers: int, seconds: float) -> dict[str, Any]:
    """All measurements of the chat over an index that is built. Takes `seconds` and a minute."""
    loading = _cpu_of_loading()
    with _chat(index) as (address, pid):
        cpu = _cpu(pid)
        found = asyncio.run(_measured(address, pid, readers, seconds))
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


@dataclass
class _Reader:
    """One page with its socket: asks and waits for the answer."""

    client: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    first: float | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)
    failed: bool = False

    async def connect(self, address: str) -> None:
        async def on_words(_: Any) -> None:
            self.first = self.first or time.perf_counter()

        async def on_page(message: Any) -> None:
            if message.get("kind") == "answer":
                self.failed = not message.get("text")
                self.done.set()

        self.client.on("stream_start", on_words)
        self.client.on("window_message", on_page)
        await self.client.connect(
            address, socketio_path="/ws/socket.io", transports=["websocket"],
            auth={
                "sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "",
                "chatProfile": "", "threadId": None,
            },
        )  # fmt: skip
        await self.client.emit("connection_successful")

    async def ask(self, question: str) -> tuple[float, float]:
        """Seconds until the first words and until the whole answer. Raises TimeoutError, or
        BenchFailed if it was no answer."""
        self.first, self.failed = None, False
        self.done.clear()
        began = time.perf_counter()
        message = {
            "id": str(uuid.uuid4()), "threadId": "", "name": "User", "type": "user_message",
            "output": question, "createdAt": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        await self.client.emit("client_message", {"message": message, "fileReferences": []})
        await asyncio.wait_for(self.done.wait(), _PATIENCE)
        ended = time.perf_counter()
        if self.failed or self.first is None:
            raise BenchFailed(f"No answer to {question!r}.", "Ask it in the chat.")
        return self.first - began, ended - began


async def _measured(address: str, pid: int, readers: int, seconds: float) -> dict[str, Any]:
    one = _Reader()
    await one.connect(address)
    taken, memory = [], []
    for n in range(_WARM_UP + _QUESTIONS):
        # A conversation of one question each: what is remembered of it should not be measured.
        if n % 10 == 0 and n:
            await one.client.disconnect()
            one = _Reader()
            await one.connect(address)
        taken.append(await one.ask(f"{QUESTIONS[n % len(QUESTIONS)]} {n}"))
        if n + 1 - _WARM_UP in (_QUESTIONS // 2, _QUESTIONS):
            memory.append(_memory(pid))
    await one.client.disconnect()
    load = await _load(address, readers, seconds)
    memory.append(_memory(pid))
    first, whole = zip(*taken[_WARM_UP:], strict=True)
    return {
        "first_words_ms": _percentiles(first),
        "answer_ms": _percentiles(whole),
        "load": load,
        "memory_mib": memory,
    }


async def _load(address: str, readers: int, seconds: float) -> dict[str, Any]:
    """Readers who ask every `EVERY` seconds, each beginning at a moment of its own."""
    taken: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + seconds

    async def read(number: int) -> None:
        reader = _Reader()
        try:
            await reader.connect(address)
            await asyncio.sleep(EVERY * number / readers)
            asked = 0
            while time.perf_counter() < until:
                began = time.perf_counter()
                question = QUESTIONS[(number + asked) % len(QUESTIONS)]
                taken.append((await reader.ask(f"{question} {number} {asked}"))[1])
                asked += 1
                await asyncio.sleep(max(0.0, began + EVERY - time.perf_counter()))
        except (TimeoutError, BenchFailed, socketio.exceptions.SocketIOError) as error:
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            await reader.client.disconnect()

    await asyncio.gather(*(read(number) for number in range(readers)))
    return {
        "readers": readers,
        "seconds": seconds,
        "questions": len(taken),
        "errors": len(errors),
        "answer_ms": _percentiles(taken),
    }


@contextmanager
def _chat(index: Path) -> Iterator[tuple[str, int]]:
    """The address and process id of the chat, ready, at a free port."""
    command = [
        sys.executable, "-m", "assistant", "chat", "--port", "0", "--no-browser",
        "--index", str(index),
    ]  # fmt: skip
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(command, stderr=said) as process:
        try:
            address = _address(process, said)
            _wait_until_ready(address)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGINT)


def _address(process: subprocess.Popen[bytes], said: IO[str]) -> str:
    """Where the chat says that it is."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        said.seek(0)
        lines = said.read()
        if listening := _LISTENING.search(lines):
            return listening[0]
        if process.poll() is not None:
            raise BenchFailed(f"The chat did not start: {lines.strip()}", "Run: assistant chat")
        time.sleep(0.05)
    raise BenchFailed(f"The chat did not start within {_PATIENCE} s.", "Run: assistant chat")


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        state = httpx.get(f"{address}/readyz").json()
        if state["state"] == "ready":
            return
        if state["state"] == "failed":
            raise BenchFailed(state["problem"], "Run: assistant check")
        time.sleep(0.05)
    raise BenchFailed(f"The chat was not ready after {_PATIENCE} s.", "Run: assistant check")


def _cpu_of_loading() -> float:
    """CPU seconds of a process that loads the model and does nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _LOAD], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu(pid: int) -> float:
    """CPU seconds that a process has used. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Memory of a process in MiB. Linux only."""
    status = Path(f"/proc/{pid}/status").read_text().split("\n")
    (line,) = (line for line in status if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def _percentiles(seconds: Any) -> list[float]:
    return [round(float(np.percentile(seconds, p)) * 1000, 1) for p in (50, 95)]
