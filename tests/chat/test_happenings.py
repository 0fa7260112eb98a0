"""What happens on the server, as the log, the numbers and the page for admins have it."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.app import IndexFacts
from assistant.chat.desk import AskedBack
from assistant.chat.event_log import EventLog
from assistant.chat.happenings import Happenings
from assistant.coaching.coach import TakeAwayWanted
from assistant.errors import BriefError, IndexDamaged
from assistant.models.language import Stopped
from assistant.records import Answer
from tests.chat.chatting import ChattingAssistant
from tests.coaching.sample import sample_plan, sample_series

FACTS = IndexFacts(documents=3, chunks=12, fingerprint="0123456789ab", changed=0)
NAME = "Mrs Featherstonehaugh"


class Noted(Happenings):
    """With its log in memory."""

    def __init__(self) -> None:
        self.lines = io.StringIO()
        super().__init__(EventLog("json", self.lines))

    @property
    def log(self) -> list[dict[str, Any]]:
        said = [json.loads(line) for line in self.lines.getvalue().splitlines()]
        return [{k: v for k, v in one.items() if k not in ("timestamp", "ms")} for one in said]

    def number(self, name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(self.metrics.text().decode()):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        raise LookupError(name)


@pytest.fixture
def noted() -> Noted:
    return Noted()


def answer_to(question: str) -> Answer:
    return ChattingAssistant().ask(question)


def test_an_answer_is_counted_timed_and_logged_once(noted: Noted) -> None:
    with noted.replying() as reply:
        assert (noted.waiting, noted.under_way) == (1, 0)
        reply.begun()
        assert (noted.waiting, noted.under_way) == (0, 1)
        reply.came(answer_to(NAME))
        assert (noted.waiting, noted.under_way) == (0, 0)
        reply.came(answer_to(NAME))
    assert noted.number("assistant_answers_total", outcome="answered", engine="scripted") == 1
    assert noted.number("assistant_answer_seconds_count") == 1
    assert noted.number("assistant_first_words_seconds_count") == 1
    assert noted.log == [
        {"event": "answer", "outcome": "answered", "engine": "scripted", "citations": 1,
         "interrupted": False},
    ]  # fmt: skip
    assert len(noted.seconds) == 1


def test_first_words_are_there_before_the_answer_is(noted: Noted) -> None:
    with noted.replying() as reply:
        reply.words()
        first = reply.first_words
        assert reply.seconds > first
        reply.words()
        assert reply.first_words == first
        reply.came(answer_to("paint"))
    assert noted.number("assistant_answers_total", outcome="declined", engine="scripted") == 1
    assert noted.number("assistant_first_words_seconds_sum") == pytest.approx(first)


@pytest.mark.parametrize(
    ("error", "outcome", "known"),
    [
        (Stopped(), "stopped", None),
        (asyncio.CancelledError(), "stopped", None),
        (BriefError(f"{NAME} is no brief.", NAME), "refused", None),
        (IndexDamaged(f"{NAME} is damaged.", NAME), "failed", "IndexDamaged"),
        (ValueError(NAME), "failed", None),
    ],
)
def test_what_does_not_come_is_counted_by_why_and_goes_on(
    noted: Noted, error: BaseException, outcome: str, known: str | None
) -> None:
    with pytest.raises(type(error)), noted.replying():
        raise error
    assert noted.number("assistant_answers_total", outcome=outcome, engine="none") == 1
    assert noted.number("assistant_answer_seconds_count") == 0
    assert noted.outcomes == {outcome: 1}
    assert noted.log[0]["interrupted"] == (outcome == "stopped")
    assert [one.type for one in noted.failures] == ([known] if known else [])
    assert noted.waiting + noted.under_way == 0
    assert "Feather" not in noted.lines.getvalue() + noted.metrics.text().decode()


def test_what_fails_once_it_was_shown_does_not_count_twice(noted: Noted) -> None:
    def show_and_fail() -> None:
        with noted.replying() as reply:
            reply.came(answer_to("many"))
            raise ValueError

    with pytest.raises(ValueError):
        show_and_fail()
    assert noted.outcomes == {"answered": 1}


def test_plans_are_counted_by_their_kind(noted: Noted) -> None:
    for said in (sample_plan(purpose=NAME), sample_series(), AskedBack(NAME, NAME)):
        with noted.replying() as reply:
            reply.came(said)
    with noted.replying() as reply:
        reply.came(TakeAwayWanted(("docx",)))
    kinds = [one["kind"] for one in noted.log]
    assert kinds == ["plan", "series", "asked back"]
    assert [noted.number("assistant_plans_total", kind=kind) for kind in kinds] == [1, 1, 1]
    assert "Feather" not in noted.lines.getvalue()


def test_of_what_should_not_fail_the_type_is_told_and_where_the_details_are(noted: Noted) -> None:
    place = noted.failed(ValueError(NAME))
    assert NAME in Path(place).read_text("utf-8")
    assert noted.number("assistant_errors_total", type="ValueError") == 1
    assert noted.log == [{"event": "error", "type": "ValueError", "details": place}]
    (failure,) = noted.failures
    assert (failure.type, failure.log) == ("ValueError", place)


def test_the_last_errors_are_remembered_the_latest_first(noted: Noted) -> None:
    for n in range(30):
        noted.failed(ValueError() if n else KeyError())
    noted.failed(TypeError())
    assert len(noted.failures) == 20
    assert noted.failures[0].type == "TypeError"
    assert noted.number("assistant_errors_total", type="KeyError") == 1


def test_the_index_is_logged_when_it_is_opened_and_when_it_changes(noted: Noted) -> None:
    other = IndexFacts(4, 15, "ba9876543210", 2)
    for facts in (FACTS, FACTS, other, other):
        noted.index(facts)
    assert [one["event"] for one in noted.log] == ["index opened", "index changed"]
    assert noted.number("assistant_index_documents") == 4
    assert noted.number("assistant_index_chunks") == 15


def test_uploads_and_refused_sign_ins_are_counted(noted: Noted) -> None:
    noted.uploaded(0.5, True, False)
    noted.uploaded(0.5, False, True)
    noted.sign_in_refused()
    assert noted.number("assistant_uploads_total", outcome="taken") == 1
    assert noted.number("assistant_uploads_total", outcome="refused") == 1
    assert noted.number("assistant_sign_ins_refused_total") == 1
    assert noted.log[0] == {"event": "upload", "taken": True, "for_all": False}
    assert noted.log[2] == {"event": "sign-in refused"}


def test_two_servers_of_one_process_do_not_share_numbers() -> None:
    one, other = Noted(), Noted()
    one.sign_in_refused()
    assert other.number("assistant_sign_ins_refused_total") == 0
