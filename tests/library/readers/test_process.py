"""The door to the reading process, with stand-ins for what a file can make of that process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.library.readers import process as door
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.process import ReadingProcess
from tests.library.making_files import ADVICE, web_page

PAGE = web_page(f"<p>{ADVICE}</p>")
# How a stand-in for the worker takes a file, and answers as the worker does.
WORKER = """
import json, os, sys, time
def take():
    asked = json.loads(sys.stdin.buffer.readline() or sys.exit())
    return asked, sys.stdin.buffer.read(asked["size"])
def give(reply):
    sys.stdout.write(json.dumps(reply) + chr(10))
    sys.stdout.flush()
EXTRACT = {"extract": {"blocks": [{"kind": "paragraph", "text": "Ask."}], "about": {}}}
give({"ready": True})
"""


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    one = ReadingProcess(Limits(seconds=10))
    yield one
    one.close()


def stand_in(
    monkeypatch: pytest.MonkeyPatch, code: str, seconds: int = 10, size: int | None = None
) -> ReadingProcess:
    """A reading process with that code for its worker, and perhaps another limit of the reply."""
    start: Callable[..., object] = subprocess.Popen

    def instead(command: list[str], **options: object) -> object:
        return start([sys.executable, "-c", WORKER + code], **options)

    monkeypatch.setattr(subprocess, "Popen", instead)
    if size:
        monkeypatch.setattr(door, "_LARGEST_REPLY", size)
    return ReadingProcess(Limits(seconds=seconds))


def texts(extract: Extract) -> list[str]:
    return [block.text for block in extract.blocks]


def pid_of(process: ReadingProcess) -> int:
    assert process._process is not None
    return process._process.pid


def refusal(process: ReadingProcess, data: bytes = PAGE, suffix: str = ".html") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        process.read(suffix, data)
    return caught.value


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else _gone(pid)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_process_reads_file_after_file(process: ReadingProcess) -> None:
    assert texts(process.read(".html", PAGE)) == [ADVICE]
    first = pid_of(process)
    assert texts(process.read(".htm", web_page("<p>Coaches ask before they act.</p>"))) == [
        "Coaches ask before they act."
    ]
    assert pid_of(process) == first


def test_nothing_is_started_before_there_is_something_to_read(process: ReadingProcess) -> None:
    assert process._process is None


def test_a_refused_file_is_named_with_what_to_do_and_the_next_is_read(
    process: ReadingProcess,
) -> None:
    process.read(".html", PAGE)
    first = pid_of(process)
    refused = refusal(process, b"<p></p>")
    assert refused.reason == "has no text."
    assert refused.remedy.startswith("If a script writes its text")
    assert ended(first)  # what the file has left there goes with it
    assert texts(process.read(".html", PAGE)) == [ADVICE]


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    process = stand_in(monkeypatch, "take(); time.sleep(3600)", seconds=1)
    began = time.monotonic()
    refused = refusal(process)
    assert refused.reason == "takes more than 1 second to read."
    assert "ASSISTANT_READING_SECONDS" in refused.remedy
    assert 1 <= time.monotonic() - began < 5
    assert process._process is None


def test_a_reader_that_takes_no_more_of_a_large_file_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = stand_in(monkeypatch, "time.sleep(3600)", seconds=1)
    assert "takes more than 1 second" in refusal(process, bytes(5_000_000)).reason


def test_a_reply_that_never_ends_its_line_is_cut_off_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drip = "take()\nwhile True:\n  sys.stdout.write('x'); sys.stdout.flush(); time.sleep(0.05)"
    began = time.monotonic()
    assert "takes more than 1 second" in refusal(stand_in(monkeypatch, drip, seconds=1)).reason
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "how", ["os._exit(3)", "os.kill(os.getpid(), 11)", "sys.exit()", "sys.stdout.write('{\"extr')"]
)
def test_a_process_that_ends_in_the_middle_is_a_file_refused(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    process = stand_in(monkeypatch, f"take(); {how}")
    refused = refusal(process)
    assert refused.reason == "ended the process that read it."
    assert refused.remedy == "Save it again with another program, or split it."


def test_a_process_that_ends_before_it_has_the_file_is_a_file_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = stand_in(monkeypatch, "os._exit(3)")
    assert refusal(process, bytes(5_000_000)).reason == "ended the process that read it."


def test_a_reply_without_end_is_given_up_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flood = "take()\nwhile True: sys.stdout.write('x' * 1_000_000)"
    process = stand_in(monkeypatch, flood, seconds=60, size=20_000_000)
    assert refusal(process).reason == "holds far too much text."
    assert process._process is None


def test_after_every_kind_of_failure_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = (
        "asked, data = take()\n"
        "if data == b'good': give(EXTRACT)\n"
        "elif data == b'bad': give({'reason': 'is bad.', 'remedy': 'Mend it.'})\n"
        "elif data == b'fails': give({'failure': 'Traceback: KeyError'})\n"
        "elif data == b'slow': time.sleep(3600)\n"
        "else: os._exit(1)"
    )
    process = stand_in(monkeypatch, code, seconds=2)
    for bad in (b"bad", b"fails", b"slow", b"ends"):
        refusal(process, bad)
        assert texts(process.read(".pdf", b"good")) == ["Ask."]
    process.close()


def test_a_reader_that_fails_is_no_traceback_but_a_place_to_find_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    process = stand_in(monkeypatch, "take(); give({'failure': 'Traceback: KeyError: 7'})")
    refused = refusal(process)
    assert refused.reason == "made its reader fail, as a damaged file does."
    assert "Traceback" not in refused.reason + refused.remedy
    (written,) = tmp_path.rglob("failure.log")
    assert refused.remedy.endswith(str(written))
    assert written.read_text("utf-8") == "Traceback: KeyError: 7"


def test_a_process_that_has_died_between_two_files_is_started_again(
    process: ReadingProcess,
) -> None:
    process.read(".html", PAGE)
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    assert texts(process.read(".html", PAGE)) == [ADVICE]


def test_a_process_is_renewed_after_much_was_read(
    process: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_RENEW_AFTER", 2 * len(PAGE))
    met = []
    for _ in range(4):
        assert texts(process.read(".html", PAGE)) == [ADVICE]
        met.append(pid_of(process))
    assert len(set(met)) == 2
    assert ended(met[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_a_file_that_takes_too_much_memory_is_refused() -> None:
    process = ReadingProcess(Limits(memory_megabytes=300))
    # The same file in memory as bytes, as text and as a tree of elements.
    refused = refusal(process, web_page("<p>Ask.</p>" * 4_000_000))
    assert refused.reason == "takes more than 300 MB of memory to read."
    assert "ASSISTANT_READING_MEMORY_MB" in refused.remedy
    assert texts(process.read(".html", PAGE)) == [ADVICE]
    process.close()


def test_modules_of_the_working_directory_are_not_imported(
    tmp_path: Path, process: ReadingProcess
) -> None:
    for name in ("json", "pypdf", "lxml", "assistant", "resource", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')", "utf-8")
    assert Path.cwd() == tmp_path
    assert texts(process.read(".html", PAGE)) == [ADVICE]


def test_closing_stops_the_process_and_can_be_done_again(process: ReadingProcess) -> None:
    process.close()
    process.read(".html", PAGE)
    pid = pid_of(process)
    process.close()
    process.close()
    assert ended(pid)
    assert texts(process.read(".html", PAGE)) == [ADVICE]


def test_closing_while_a_file_is_on_its_way_leaves_no_pipe_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    process = stand_in(monkeypatch, "os._exit(0)")
    for _ in range(5):
        refusal(process, bytes(1_000_000))
    process.close()
    assert len(list(Path("/dev/fd").iterdir())) == before
