"""Steps: whose they are, how they lie in each other; they say nothing of what was asked."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry import trace

from assistant import tracing
from assistant.app import Assistant
from assistant.tracing import sent_to, step, timed
from tests.collector import collecting, facts_of
from tests.corpora import build_small, small_assistant, write_corpus

QUESTION = "How do teams plan zebrafish training for Mrs Featherstonehaugh?"
HOSTILE = '\n{"outcome": "answered"} featherstonehaugh\' OR 1=1 <script> %s ${x} \x1b[31m'
WORDS = ("zebrafish", "eatherstonehaugh", "training", "script", "Guide", "doc-")


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Assistant]:
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 2))
    made = small_assistant(tmp_path / "index")
    yield made
    made.close()


def test_where_nobody_wants_to_know_nothing_is_imported() -> None:
    code = (
        "import sys\nfrom assistant.tracing import step\n"
        "with step('a', n=1) as note:\n    note(m=2)\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_a_step_where_nobody_wants_to_know_costs_next_to_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "_tracer", None)
    began = time.perf_counter()
    for _ in range(10_000):
        with step("a"):
            pass
    assert time.perf_counter() - began < 1  # 100 µs each would be seen by nobody; it is some 1 µs


def test_steps_are_told_in_the_order_in_which_they_began_with_the_one_around_them() -> None:
    with timed() as line:
        with step("outer"):
            with step("first"):
                time.sleep(0.02)
            with step("second"):
                pass
        with step("after"):
            pass
    steps = line.timings()
    assert [(one.name, one.inside) for one in steps] == [
        ("outer", None), ("first", "outer"), ("second", "outer"), ("after", None),
    ]  # fmt: skip
    outer, first, second, after = steps
    assert first.ms >= 20
    assert outer.ms >= first.ms + second.ms
    assert second.begin_ms >= first.begin_ms + first.ms - 0.1
    assert after.begin_ms >= outer.begin_ms + outer.ms - 0.1
    assert all(one.begin_ms >= 0 for one in steps)


def test_a_step_is_also_a_decorator_and_gives_what_the_function_gives() -> None:
    @step("double")
    def double(number: int) -> int:
        return 2 * number

    with timed() as line:
        assert [double(1), double(2)] == [2, 4]
    assert [one.name for one in line.timings()] == ["double", "double"]
    assert double(3) == 6


def test_an_error_goes_through_a_step() -> None:
    with timed() as line, pytest.raises(ValueError, match="mine"), step("fails"):
        raise ValueError("mine")
    assert [one.name for one in line.timings()] == ["fails"]


def test_after_the_time_line_nothing_more_comes_onto_it() -> None:
    with timed() as line:
        pass
    with step("later"):
        pass
    assert line.timings() == ()


def test_readers_at_the_same_time_do_not_see_each_others_steps() -> None:
    both = threading.Barrier(2)
    found: dict[str, list[tuple[str, str | None]]] = {}

    def ask(name: str) -> None:
        with timed() as line:
            for _ in range(20):
                with step(name):
                    both.wait()
                    with step(f"in {name}"):
                        both.wait()
        found[name] = [(one.name, one.inside) for one in line.timings()]

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [(name, None), (f"in {name}", name)] * 20 for name in ("a", "b")}


def test_a_thread_of_asyncio_keeps_to_the_line_of_its_own_reader() -> None:
    def work(name: str) -> None:
        with step(name):
            time.sleep(0.01)

    async def reader(name: str) -> list[tuple[str, str | None]]:
        with timed() as line, step("reader"):
            await asyncio.to_thread(work, name)
            await asyncio.to_thread(work, name)
        return [(one.name, one.inside) for one in line.timings()]

    async def all_readers() -> list[list[tuple[str, str | None]]]:
        return await asyncio.gather(*(reader(f"reader {n}") for n in range(8)))

    for n, steps in enumerate(asyncio.run(all_readers())):
        assert steps == [("reader", None)] + [(f"reader {n}", "reader")] * 2


def test_an_answer_is_made_of_the_steps_that_one_would_look_for(asked: Assistant) -> None:
    with timed() as line:
        asked.ask("How do teams plan the training?")
    steps = {(one.name, one.inside) for one in line.timings()}
    assert {
        ("answer", None), ("read the question", "answer"), ("search", "answer"),
        ("encode the question", "search"), ("vectors", "search"), ("full text", "search"),
        ("signposts", "search"), ("weigh", "answer"),
    } <= steps  # fmt: skip
    answer = next(one for one in line.timings() if one.name == "answer")
    inside = [one for one in line.timings() if one.inside == "answer"]
    assert sum(one.ms for one in inside) <= answer.ms + 1


def test_an_answer_is_the_same_with_a_time_line(asked: Assistant) -> None:
    plain = asked.ask(QUESTION)
    with timed():
        assert asked.ask(QUESTION) == plain


def test_several_at_once_have_each_their_own_time_line(asked: Assistant) -> None:
    names: list[list[str]] = []

    def ask() -> None:
        with timed() as line:
            asked.ask("How do teams plan the training?")
        names.append([one.name for one in line.timings()])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 4
    assert all(one.count("answer") == 1 for one in names)


def test_a_collector_gets_the_steps_of_an_answer_as_one_trace(asked: Assistant) -> None:
    complaints: list[str] = []
    with collecting() as collector:
        with sent_to(collector.url, complaints.append):
            answer = asked.ask("How do teams plan the training?")
        assert complaints == []
        (root,) = collector.named("answer")
        (search, *_) = collector.named("search")
        assert search.parent_span_id == root.span_id
        assert {span.trace_id for span in collector.spans} == {root.trace_id}
        assert facts_of(root) == {
            "outcome": answer.outcome, "engine": "extractive", "citations": len(answer.citations),
        }  # fmt: skip
        assert root.end_time_unix_nano > root.start_time_unix_nano


@pytest.mark.parametrize("question", [QUESTION, QUESTION + HOSTILE])
def test_no_word_of_a_question_or_of_a_document_is_in_a_trace(
    asked: Assistant, question: str
) -> None:
    with collecting() as collector:
        with sent_to(collector.url, pytest.fail):
            asked.ask(question, ["And the zebrafish?"], only=["doc-1"])
            asked.search(question)
            with pytest.raises(Exception, match="zebrafish"):
                asked.ask(question, only=["zebrafish/doc-1"])
        sent = b"".join(collector.bodies)
        assert len(collector.named("answer")) == 2
        assert [word for word in WORDS if word.lower().encode() in sent.lower()] == []


def test_of_an_error_only_its_type_is_told() -> None:
    with collecting() as collector:
        with sent_to(collector.url, pytest.fail), pytest.raises(ValueError), step("fails"):
            raise ValueError("of Mrs Featherstonehaugh")
        (span,) = collector.named("fails")
        assert facts_of(span) == {"error.type": "ValueError"}
        assert (span.status.code, span.status.message, len(span.events)) == (2, "", 0)
        assert b"Feather" not in b"".join(collector.bodies)


def test_steps_of_libraries_are_not_sent() -> None:
    with collecting() as collector:
        with sent_to(collector.url, pytest.fail):
            with trace.get_tracer("library").start_as_current_span("asked", attributes={"q": "x"}):
                pass
            with step("ours"):
                pass
        assert [span.name for span in collector.spans] == ["ours"]


def test_without_an_address_nothing_is_sent_and_no_provider_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "_provider", None)
    with sent_to(None, pytest.fail), step("a"):
        pass
    assert tracing._provider is None


def test_a_collector_that_is_away_slows_no_step_and_is_complained_of_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    complaints: list[str] = []
    began = time.monotonic()
    with sent_to("http://127.0.0.1:9/v1/traces", complaints.append):
        for _ in range(1_500):  # three batches
            with step("a"):
                pass
        taken = time.monotonic() - began
    assert taken < 2
    assert time.monotonic() - began < 8
    assert complaints == ["The collector of ASSISTANT_TRACES_URL does not take the traces."]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("status", [400, 500])
def test_a_collector_that_refuses_is_complained_of_once(
    status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    complaints: list[str] = []
    with collecting(status) as collector:
        with sent_to(collector.url, complaints.append):
            for _ in range(1_500):
                with step("a"):
                    pass
        assert len(complaints) == 1
    assert capfd.readouterr() == ("", "")


def test_a_collector_that_never_replies_holds_the_end_up_for_seconds_only() -> None:
    complaints: list[str] = []
    with collecting(until=threading.Event()) as collector:
        with sent_to(collector.url, complaints.append):
            with step("a"):
                pass
            ended = time.monotonic()
        assert time.monotonic() - ended < 4 * tracing._SECONDS
    assert len(complaints) == 1
