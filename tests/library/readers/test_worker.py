"""What the reading process does with what it is asked: its protocol and what it may not do."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.blocks import Block, BlockKind
from assistant.library.notes import About
from assistant.library.readers import worker
from assistant.library.readers.extract import Extract, Limits, Unreadable
from tests.library.making_files import ADVICE, web_page

ROOT = Path(__file__).parents[3]
# The worker with another reader of ".html", which is the code that follows.
WITH_READER = """
import sys
from assistant.library.readers import worker
def read(data, limits):
    import os, time
    {code}
worker.READERS[".html"] = read
worker.main()
"""


def asked(*files: tuple[str, bytes]) -> bytes:
    """What the parent writes for files of those formats."""
    return b"".join(
        json.dumps({"format": form, "size": len(data)}).encode() + b"\n" + data
        for form, data in files
    )


def run(
    said: bytes, limits: Limits | None = None, code: str | None = None
) -> tuple[list[dict[str, Any]], subprocess.CompletedProcess[bytes]]:
    """The replies of a worker to what it is told."""
    as_module = ["-P", "-m", "assistant.library.readers.worker"]
    call = ["-c", WITH_READER.format(code=code)] if code else as_module
    done = subprocess.run(
        [sys.executable, *call, json.dumps(asdict(limits or Limits()))],
        input=said, capture_output=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip
    first, *replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert first == {"ready": True}
    return replies, done


def test_there_is_one_line_for_every_file_in_their_order() -> None:
    replies, done = run(
        asked(
            (".html", web_page("<p>First of all, ask.</p>")),
            (".html", b"<p></p>"),
            (".html", web_page("<p>Last of all, listen.</p>\n\n")),
        )
    )
    assert [next(iter(reply)) for reply in replies] == ["extract", "reason", "extract"]
    assert replies[2]["extract"]["blocks"][0]["text"] == "Last of all, listen."
    assert replies[1]["remedy"]
    assert done.returncode == 0


def test_without_a_file_it_ends() -> None:
    replies, done = run(b"")
    assert (replies, done.returncode, done.stderr) == ([], 0, b"")


def test_a_file_cut_short_by_the_end_of_the_parent_ends_it() -> None:
    _, done = run(asked((".html", web_page("<p>Ask.</p>")))[:-5])
    assert done.returncode == 0


def test_a_file_with_line_ends_and_json_in_it_is_one_file() -> None:
    inside = b'{"format": ".html", "size": 3}\nabc\n'
    replies, _ = run(asked((".html", web_page(f"<p>{ADVICE}</p>") + inside)))
    assert len(replies) == 1


def test_what_a_library_prints_is_no_reply() -> None:
    code = "print('{\"extract\": 1}', flush=True); os.write(1, b'{}\\n'); raise KeyError('inside')"
    replies, done = run(asked((".html", b"x")), code=code)
    assert len(replies) == 1
    assert "KeyError: 'inside'" in replies[0]["failure"]
    assert b'{"extract": 1}' in done.stderr


def test_a_reader_writes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "written.txt"
    code = f"open({str(path)!r}, 'w').write('x')"
    replies, done = run(asked((".html", b"x")), code=code)
    assert not path.exists() or path.read_bytes() == b""
    assert done.returncode != 0 or "failure" in replies[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_a_reader_takes_no_more_memory_than_is_allowed() -> None:
    limits = Limits(memory_megabytes=400)
    replies, _ = run(asked((".html", b"x"), (".html", b"y")), limits, "bytearray(500_000_000)")
    said = {
        "reason": "takes more than 400 MB of memory to read.",
        "remedy": "Split it, or raise ASSISTANT_READING_MEMORY_MB.",
    }
    assert replies == [said, said]


def test_a_reader_that_nobody_stops_ends_by_itself() -> None:
    began = time.monotonic()
    _, done = run(asked((".html", b"x")), Limits(seconds=1), "time.sleep(3600)")
    assert done.returncode == -14  # SIGALRM
    assert 1 + worker._GRACE <= time.monotonic() - began < 30


def test_the_time_of_one_file_is_not_that_of_the_next() -> None:
    files = [(".html", web_page("<p>Ask.</p>"))] * 2
    code = "time.sleep(3.5); from assistant.library.readers.html import read_html; " \
        "return read_html(data, limits)"  # fmt: skip
    replies, done = run(asked(*files), Limits(seconds=1), code)
    assert (len(replies), done.returncode) == (2, 0)


def reply(reader: Callable[[bytes, Limits], Extract], limits: Limits | None = None) -> Any:
    """What the worker says of a file for which that is the reader."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(worker.READERS, ".html", reader)
        return worker._reply(".html", b"x", limits or Limits())


def extract_of(*texts: str) -> Extract:
    return Extract([Block(BlockKind.PARAGRAPH, text) for text in texts], About(title="A plan"))


@given(st.lists(st.text(max_size=40), max_size=5), st.dictionaries(st.integers(1, 9), st.text()))
def test_an_extract_comes_back_as_it_was(texts: list[str], labels: dict[int, str]) -> None:
    blocks = [Block(BlockKind.ITEM, text, marker="-", pages=((0, 3),)) for text in texts]
    made = Extract(blocks, About(title="A plan", year=2020), labels, ["Look."], ["Page 1"])
    line = json.dumps(reply(lambda _, __: made))
    assert "\n" not in line
    assert worker._EXTRACT.validate_python(json.loads(line)["extract"]) == made


def test_text_at_the_limit_is_given_and_one_character_more_is_not() -> None:
    limits = Limits(characters=6)
    assert "extract" in reply(lambda _, __: extract_of("abc", "def"), limits)
    assert reply(lambda _, __: extract_of("abc", "defg"), limits) == {
        "reason": "holds 7 characters of text; the limit is 6.",
        "remedy": "Split it, or raise ASSISTANT_MOST_CHARACTERS.",
    }


def test_a_refusal_is_its_reason_and_remedy() -> None:
    def refuse(_: bytes, __: Limits) -> Extract:
        raise Unreadable("is torn.", "Mend it.")

    assert reply(refuse) == {"reason": "is torn.", "remedy": "Mend it."}


@pytest.mark.parametrize("error", [KeyError, RecursionError, ZeroDivisionError, OSError])
def test_whatever_fails_is_a_failure_with_its_traceback(error: type[Exception]) -> None:
    def fail(_: bytes, __: Limits) -> Extract:
        raise error("inside")

    assert list(reply(fail)) == ["failure"]
    assert error.__name__ in reply(fail)["failure"]


def test_no_memory_is_said_with_the_limit() -> None:
    def fill(_: bytes, __: Limits) -> Extract:
        raise MemoryError

    assert reply(fill, Limits(memory_megabytes=7))["reason"].startswith("takes more than 7 MB")


def test_limits_that_the_system_set_lower_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda _: (500, 500))
    monkeypatch.setattr(resource, "setrlimit", taken.__setitem__)
    worker._confine(Limits(memory_megabytes=1_000))
    assert taken[resource.RLIMIT_AS] == (500, 500)
    assert taken[resource.RLIMIT_FSIZE] == (0, 500)


def test_a_system_that_knows_no_such_limit_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int, __: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    worker._confine(Limits())
    assert os.getpid()
