"""The chat as a process of its own, for tests that talk to it from outside."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests, long enough to sign with"
AWAY = 1.0  # seconds after which a reader counts as gone, where a test has to wait for it
_ADDRESS = re.compile(r"http://[\w.\[\]:]+:\d+")


@dataclass
class Served:
    """A running chat: its address, its process, and the lines it wrote to the terminal."""

    process: subprocess.Popen[str]
    address: str = ""
    lines: list[str] = field(default_factory=list)

    def wait_until_ready(self, seconds: float = 120) -> None:
        """Return when `/readyz` says so."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                time.sleep(0.1)
        raise AssertionError(f"not ready after {seconds} s: {self.lines}")

    def interrupt(self) -> int:
        """Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def chat_command(index: Path, *options: str, **environment: str) -> Iterator[Served]:
    """`assistant chat` with the real model, at a free port; listening, perhaps not yet ready."""
    command = [sys.executable, "-m", "assistant", "chat", "--port", "0", "--index", str(index)]
    with tempfile.TemporaryDirectory() as home:  # nothing of a test stays with whoever runs it
        kept = {} if "XDG_DATA_HOME" in environment else {"XDG_DATA_HOME": home}
        with serving([*command, *options], kept | environment) as served:
            yield served


@contextmanager
def scripted_chat(**environment: str) -> Iterator[Served]:
    """The real server and page over a `ScriptedAssistant`: quick to start, and it does as told."""
    command = [sys.executable, "-m", "tests.chat.scripted_server"]
    with serving(command, environment) as served:
        served.wait_until_ready()
        yield served


@contextmanager
def serving(command: list[str], environment: dict[str, str]) -> Iterator[Served]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    served = Served(process)
    assert process.stdout
    reader = Thread(target=lambda: served.lines.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr]
    reader.start()
    try:
        until = time.monotonic() + 60
        while not served.address and process.poll() is None and time.monotonic() < until:
            found = _ADDRESS.search("".join(served.lines))
            served.address = found[0] if found else ""
            time.sleep(0.05)
        yield served
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()
