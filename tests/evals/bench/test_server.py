"""The chat that is started to be measured, and what is known of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.bench.server import BenchFailed, Server, running_chat


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A process that does nothing, in the place of a chat."""
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    with (
        (tmp_path / "terminal.txt").open("w+", encoding="utf-8") as terminal,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
    ):
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        yield Server("http://127.0.0.1:1", tmp_path, process, terminal)
        process.kill()


def test_a_chat_that_does_not_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "ASSISTANT_NONSENSE", "1")
    with (
        pytest.raises(BenchFailed, match=r"did not start: .*ASSISTANT_NONSENSE"),
        running_chat(tmp_path, tmp_path),
    ):
        pass


def test_what_it_says_before_it_listens_is_no_complaint(server: Server) -> None:
    server.terminal.write("Loading\nThe chat is at http://127.0.0.1:8123 (stop it with Ctrl-C).\n")
    server.terminal.flush()
    assert server.complaints() == []


def test_what_it_says_afterwards_and_what_it_logs_is(server: Server) -> None:
    server.terminal.write("The chat is at http://127.0.0.1:8123 (stop it).\n\nIt broke.\n")
    server.terminal.flush()
    log = server.home / "logs" / "failure.log"
    log.parent.mkdir()
    log.write_text("Traceback:\n  somewhere\nKeyError: 'one'\n", "utf-8")
    assert server.complaints() == ["It broke.", "KeyError: 'one'"]


def test_its_memory_is_that_of_the_process_while_it_runs(server: Server) -> None:
    assert 1 < server.memory() < 200
    assert server.cpu() >= 0
    server.process.kill()
    os.waitid(os.P_PID, server.process.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(BenchFailed, match="has ended"):
        server.memory()


def test_a_killed_one_is_gone_at_once(server: Server) -> None:
    server.kill()
    assert server.process.returncode == -9
