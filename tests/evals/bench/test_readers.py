"""The readers of the benchmarks, at a real server whose assistant is scripted."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle

import pytest

from evals.bench.crowd import Crowd, milliseconds, noted, readers_of
from evals.bench.harm import Harm
from evals.bench.readers import Reader
from evals.bench.server import BenchFailed
from tests.chat.serving import Served, scripted_chat


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with scripted_chat() as running:
        yield running


def _with_reader(served: Served, test: Callable[[Reader], Awaitable[None]]) -> None:
    async def read() -> None:
        async with readers_of(served.address, 1) as (reader,):
            await reader.connect()
            await test(reader)

    asyncio.run(read())


def test_a_question_is_timed_from_sending_to_the_whole_answer(served: Served) -> None:
    async def test(reader: Reader) -> None:
        asked = await reader.ask("slowly 0.1")
        assert asked.first is not None
        assert asked.answered is not None
        assert asked.ended is not None
        assert 0.1 < asked.first - asked.sent < asked.seconds
        assert asked.answered <= asked.ended
        assert asked.seconds > 1  # eleven words and more

    _with_reader(served, test)


def test_what_is_no_answer_says_why(served: Served) -> None:
    async def test(reader: Reader) -> None:
        with pytest.raises(BenchFailed, match="No answer: 3 minutes are too few"):
            await reader.ask("tiny")
        assert (await reader.ask("quote colon")).problem == ""

    _with_reader(served, test)


def test_a_conversation_is_taken_up_with_what_was_kept_of_it(served: Served) -> None:
    async def test(reader: Reader) -> None:
        await reader.ask("quote colon")
        await reader.ask("quote marks")
        known = reader.conversation
        await reader.leave()
        await reader.connect(known)
        assert (reader.conversation, reader.taken_up) == (known, 2)
        await reader.ask("quote colon")

    _with_reader(served, test)


def test_a_conversation_that_is_not_there_is_a_problem_and_no_new_one(served: Served) -> None:
    async def test(reader: Reader) -> None:
        with pytest.raises(BenchFailed, match="could not be taken up"):
            await reader.connect(str(uuid.uuid4()))

    _with_reader(served, test)


def test_who_loses_the_connection_is_told_so_and_waits_no_longer(served: Served) -> None:
    async def test(reader: Reader) -> None:
        asked = await reader.send("slowly 1")
        await reader.until(lambda: asked.first is not None)
        reader.drop()
        with pytest.raises(BenchFailed, match="connection was lost"):
            await reader.until(lambda: asked.answered is not None)
        await reader.until_lost()
        assert asked.answered is None

    _with_reader(served, test)


def test_a_problem_is_counted_by_its_kind_and_its_reader_begins_anew(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.crowd.EVERY", 0.5)

    async def read() -> Crowd:
        async with readers_of(served.address, 2) as readers:
            crowd = Crowd(readers)
            await crowd.ask_for(6, cycle(["tiny", "quote colon", "quote marks"]))
            return crowd

    crowd = asyncio.run(read())
    ((kind, count),) = crowd.errors.items()
    assert kind.startswith("BenchFailed: No answer: 3 minutes are too few")
    good = [asked for asked in crowd.asked if not asked.problem]
    assert count >= 2
    assert len(good) >= 2
    assert len(good) + count == len(crowd.asked)
    assert all(asked.ended is not None for asked in crowd.asked)


def test_a_server_that_is_not_there_is_counted_and_not_fatal() -> None:
    async def read() -> Counter[str]:
        errors = Counter[str]()
        async with readers_of("http://127.0.0.1:9", 1) as (reader,), noted(errors, reader):
            await reader.connect()
        return errors

    ((kind, count),) = asyncio.run(read()).items()
    assert count == 1
    assert kind.startswith("ClientConnectorError")


def test_patience_that_is_at_an_end_is_counted() -> None:
    async def read() -> Counter[str]:
        errors = Counter[str]()
        async with readers_of("http://127.0.0.1:9", 1) as (reader,), noted(errors, reader):
            raise TimeoutError
        return errors

    assert asyncio.run(read()) == {"Nothing came within 60 s.": 1}


def test_what_nobody_foresaw_is_not_counted_away() -> None:
    async def read() -> None:
        async with readers_of("http://127.0.0.1:9", 1) as (reader,), noted(Counter(), reader):
            raise KeyError("lead")

    with pytest.raises(KeyError):
        asyncio.run(read())


def test_bad_pages_are_dropped_before_their_answer_and_harm_no_other(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.harm.DROP_EVERY", 1.5)
    monkeypatch.setattr("evals.bench.harm._SLOW_ASKS_EVERY", 0.5)
    harm = Harm()

    async def read() -> None:
        async with readers_of(served.address, 1) as (reader,):
            await reader.connect()
            doing = asyncio.create_task(harm.do_for(served.address, 3, cycle(["slowly 0.2"])))
            while not doing.done():
                assert (await reader.ask("quote colon")).seconds < 5
            await doing

    asyncio.run(read())
    assert harm.errors == {}
    assert harm.unread >= 2
    assert harm.dropped >= 2
    assert harm.unanswered == harm.dropped


def test_a_page_that_cannot_even_begin_to_read_nothing_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evals.bench.harm.DROP_EVERY", 0.2)
    harm = Harm()
    asyncio.run(harm.do_for("http://127.0.0.1:9", 0.2, cycle(["who?"])))
    assert harm.unread == harm.dropped == 0
    assert harm.errors.total() >= 3


def test_percentiles_are_in_milliseconds_and_there_are_none_of_nothing() -> None:
    assert milliseconds([0.1, 0.2, 0.3], 0, 50, 100) == [100.0, 200.0, 300.0]
    assert milliseconds([], 50, 95) == []
