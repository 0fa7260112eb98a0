"""What an admin reads of the server, in words."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from assistant.app import Assistant, IndexFacts
from assistant.chat.event_log import EventLog
from assistant.chat.happenings import Happenings
from assistant.chat.opening import Opening
from assistant.chat.status import quantile, sections_of
from assistant.chat.strings import read_strings
from assistant.errors import IndexDamaged
from assistant.models.language import choose_model
from tests.chat.chatting import ChattingAssistant
from tests.fakes import SilentProgress

WORDS = read_strings().status
FACTS = IndexFacts(documents=1_234, chunks=12_345, fingerprint="0123456789ab", changed=0)


@pytest.fixture
def happenings() -> Happenings:
    return Happenings(EventLog(None, sys.stderr))


@pytest.fixture
def scripted() -> ChattingAssistant:
    return ChattingAssistant()


@pytest.fixture
def opening(scripted: ChattingAssistant) -> Iterator[Opening]:
    made = Opening(lambda _: cast(Assistant, scripted), SilentProgress(), "Loading")
    made.start()
    made._thread.join()  # type: ignore[union-attr]
    yield made
    made.close()


def lines(
    opening: Opening, happenings: Happenings, facts: IndexFacts | None = FACTS
) -> dict[str, str]:
    sections = sections_of(opening, happenings, facts, WORDS)
    return {name: value for section in sections for name, value in section.lines}


def test_the_index_is_told_in_counts(opening: Opening, happenings: Happenings) -> None:
    said = lines(opening, happenings)
    assert said[WORDS.documents] == "1,234"
    assert said[WORDS.passages] == "12,345"
    assert said[WORDS.fingerprint] == "0123456789ab"
    assert said[WORDS.files] == WORDS.unchanged


def test_changed_files_come_with_what_to_do(opening: Opening, happenings: Happenings) -> None:
    said = lines(opening, happenings, IndexFacts(1, 2, "0123456789ab", 3))
    assert said[WORDS.files] == "3 have changed since they were read. To read them again: " + (
        "assistant build"
    )


def test_what_keeps_the_chat_from_starting_is_told(happenings: Happenings) -> None:
    def broken(_: object) -> Assistant:
        raise IndexDamaged("The index contradicts itself.", "Run: assistant build")

    opening = Opening(broken, SilentProgress(), "Loading")
    assert lines(opening, happenings, None)[WORDS.documents] == WORDS.unreadable
    opening.start()
    opening.close()
    assert "contradicts itself" in lines(opening, happenings, None)[WORDS.documents]


def test_models_are_named(
    opening: Opening, happenings: Happenings, scripted: ChattingAssistant
) -> None:
    assert lines(opening, happenings)[WORDS.reads] == "scripted-model, in its fast form"
    assert lines(opening, happenings)[WORDS.writes] == WORDS.quoted
    scripted.model = choose_model("openai-like:small", "http://127.0.0.1:9/v1", None)
    assert lines(opening, happenings)[WORDS.writes] == "openai-like:small"


def test_answers_are_counted_and_half_and_most_of_them_timed(
    opening: Opening, happenings: Happenings, scripted: ChattingAssistant
) -> None:
    assert WORDS.half not in lines(opening, happenings)
    for question in ("many", "paint", "many"):
        with happenings.replying() as reply:
            reply.came(scripted.ask(question))
    with happenings.replying():
        said = lines(opening, happenings)
    assert (said[WORDS.given], said[WORDS.declined], said[WORDS.failed]) == ("2", "1", "0")
    assert (said[WORDS.waiting], said[WORDS.under_way]) == ("1", "0")
    first, middle, last = happenings.seconds
    assert first <= middle <= last
    assert (said[WORDS.half], said[WORDS.most]) == (f"{middle:.2f} seconds", f"{last:.2f} seconds")


@pytest.mark.parametrize(
    ("ago", "length"),
    [
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(hours=3, minutes=7), "3 hours, 7 minutes"),
        (timedelta(days=12, hours=5, minutes=1), "12 days, 5 hours"),
    ],
)
def test_how_long_it_runs_is_said_in_what_one_thinks_in(
    opening: Opening, happenings: Happenings, ago: timedelta, length: str
) -> None:
    happenings.began = datetime.now(UTC) - ago
    assert lines(opening, happenings)[WORDS.running].endswith(f"({length})")


@pytest.mark.parametrize(
    ("count", "half", "most"), [(1, 1, 1), (2, 1, 2), (20, 10, 19), (100, 50, 95)]
)
def test_a_quantile_is_one_of_the_values(count: int, half: int, most: int) -> None:
    ranked = [float(n) for n in range(1, count + 1)]
    assert (quantile(ranked, 0.5), quantile(ranked, 0.95)) == (half, most)
