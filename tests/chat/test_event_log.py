"""Lines of the log: one an event, that programs and people can read."""

import io
import json
import threading

import pytest

from assistant.chat.event_log import EventLog, Form


def lines_of(form: Form | None, **facts: str | int | bool) -> list[str]:
    to = io.StringIO()
    EventLog(form, to).write("answer", **facts)
    return to.getvalue().splitlines()


def test_without_a_form_there_is_no_line() -> None:
    assert lines_of(None, ms=3) == []


def test_as_json_a_line_is_one_object_with_the_time() -> None:
    (line,) = lines_of("json", ms=3, outcome="answered", interrupted=False)
    said = json.loads(line)
    assert said.pop("timestamp").endswith("Z")
    assert said == {"event": "answer", "ms": 3, "outcome": "answered", "interrupted": False}


def test_as_text_a_line_has_names_and_values() -> None:
    (line,) = lines_of("text", ms=3, engine="openai-like:small model", interrupted=False)
    stamp, rest = line.split(" ", 1)
    assert stamp.startswith("timestamp=2")
    assert rest == 'event=answer ms=3 engine="openai-like:small model" interrupted=false'


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_name_from_the_settings_makes_no_second_line(form: Form) -> None:
    assert len(lines_of(form, engine='a"b\n{"event": "answer"}')) == 1


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_terminal_that_is_gone_breaks_nothing(form: Form) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    EventLog(form, Gone()).write("answer", ms=3)
    closed = io.StringIO()
    closed.close()
    EventLog(form, closed).write("answer", ms=3)


def test_lines_of_several_threads_do_not_mix() -> None:
    to = io.StringIO()
    log = EventLog("json", to)

    def write() -> None:
        for n in range(200):
            log.write("answer", ms=n)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([json.loads(line) for line in to.getvalue().splitlines()]) == 800
