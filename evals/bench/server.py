"""The chat as a process of its own for the benchmarks: at a free port of this computer, with a
folder of its own for all that it keeps. Linux only."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from assistant.errors import AssistantError

PATIENCE = 60.0  # seconds for anything that should take far less
_OPENING = 300.0  # seconds until it is ready, which on a busy computer takes more than a minute
_LISTENING = re.compile(r"http://127\.0\.0\.1:\d+")
_STOP = 15.0  # seconds to stop when it is asked to


class BenchFailed(AssistantError):
    """The chat could not be measured."""


@dataclass(frozen=True)
class Server:
    """A running chat, ready for questions."""

    address: str
    home: Path
    process: subprocess.Popen[bytes]
    terminal: IO[str]

    def cpu(self) -> float:
        """CPU seconds that it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Its memory (RSS) in MiB. Raises BenchFailed if it runs no more."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").split("\n")
        for line in status:
            if line.startswith("VmRSS"):
                return round(int(line.split()[1]) / 1024, 1)
        raise BenchFailed(f"The chat has ended: {self.complaints()}", "Run: assistant chat")

    def kill(self) -> None:
        """End it as a failing computer would, without a warning (kill -9)."""
        self.process.kill()
        self.process.wait(_STOP)

    def complaints(self) -> list[str]:
        """What it wrote to the terminal after it was listening, and the last line of its log of
        failures: nothing, if all went well."""
        lines = _read(self.terminal).splitlines()
        listening = next((n for n, line in enumerate(lines) if _LISTENING.search(line)), -1)
        logs = sorted(self.home.rglob("failure.log"))
        failures = [log.read_text("utf-8").strip().rpartition("\n")[2] for log in logs]
        return [*(line for line in lines[listening + 1 :] if line.strip()), *failures]


@contextmanager
def running_chat(index: Path, home: Path, database: str = "", **settings: str) -> Iterator[Server]:
    """The chat over that index for one person at this computer, stopped afterwards. Everything it
    keeps is in `home`, but for the `database` if one is named; `settings` stand in place of those
    in force. Raises BenchFailed."""
    command = [
        sys.executable, "-m", "assistant", "chat", "--port", "0", "--no-browser",
        "--index", str(index),
    ]  # fmt: skip
    environment = os.environ | _own_places(home, database) | settings
    with (
        (home / "terminal.txt").open("w+", encoding="utf-8") as terminal,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal
        ) as process,
    ):
        try:
            address = _address(process, terminal)
            _wait_until_ready(address)
            yield Server(address, home, process, terminal)
        finally:
            _stop(process)


def _own_places(home: Path, database: str) -> dict[str, str]:
    """Settings under which nothing of the user's own is read or written."""
    return {
        "ASSISTANT_DATABASE_URL": database or f"sqlite:///{home / 'history.db'}",
        "ASSISTANT_KEEP_DAYS": "",
        "ASSISTANT_SIGN_IN": "password",  # by a header it would not serve one person alone
        "XDG_DATA_HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "TMPDIR": str(home),  # one that is killed leaves something there
    }


def _address(process: subprocess.Popen[bytes], terminal: IO[str]) -> str:
    """Where the chat says that it is."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        lines = _read(terminal)
        if listening := _LISTENING.search(lines):
            return listening[0]
        if process.poll() is not None:
            raise BenchFailed(f"The chat did not start: {lines.strip()}", "Run: assistant chat")
        time.sleep(0.05)
    raise BenchFailed(f"The chat did not start within {PATIENCE:.0f} s.", "Run: assistant chat")


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + _OPENING
    while time.monotonic() < until:
        state = httpx.get(f"{address}/readyz").json()
        if state["state"] == "ready":
            return
        if state["state"] == "failed":
            raise BenchFailed(state["problem"], "Run: assistant check")
        time.sleep(0.05)
    raise BenchFailed(f"The chat was not ready after {_OPENING:.0f} s.", "Run: assistant check")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()


def _read(terminal: IO[str]) -> str:
    return Path(terminal.name).read_text("utf-8")
