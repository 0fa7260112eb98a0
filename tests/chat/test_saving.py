import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.desk import AskedBack
from assistant.chat.saving import (
    Said,
    cited_by,
    kind_of,
    said_in,
    sources_of,
    text_of,
    thread_of,
    turn_of,
)
from assistant.coaching.coach import TakeAwayWanted
from assistant.errors import DocumentNotFound, IndexDamaged
from assistant.plans import SessionPlan
from assistant.records import Answer, Source
from assistant.store.records import SavedConversation, Turn
from tests.chat.chatting import ChattingAssistant
from tests.coaching.sample import sample_plan, sample_series
from tests.fakes import QUOTES, ScriptedAssistant

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASSISTANT = ChattingAssistant(own=True)
ANSWERS = {
    word: ASSISTANT.ask(word)
    for word in ("what now?", "quote marks", "quote letters", "senses", "paint", "many", "write",
                 "page 2", "handbook")
}  # fmt: skip
PLAN, SERIES = sample_plan(), sample_series()
TAKEN = ANSWERS | {"plan": PLAN, "series": SERIES}
OTHERS: dict[str, Said] = {
    "asked back": AskedBack("Where?", "Two words are enough."),
    "files": TakeAwayWanted(("pptx", "txt")),
}


def turn(said: Said, shown: str = "**Shown** [1]", number: int = 1) -> Turn:
    return turn_of(f"asked-{number}", "What is asked?", f"reply-{number}", said, shown, NOW)


def talk(*turns: Turn) -> SavedConversation:
    return SavedConversation(
        id="talk", user_id="ada", name="What is asked?", profile="prepare", scope="own",
        created=NOW, turns=turns,
    )  # fmt: skip


# --- there and back -------------------------------------------------------------------


@pytest.mark.parametrize("said", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_kept_of_a_reply_is_all_of_it(said: Answer | SessionPlan) -> None:
    kept = turn(said)
    assert (kept.id, kept.reply_id, kept.asked) == ("asked-1", "reply-1", "What is asked?")
    assert (kept.shown, kept.created) == ("**Shown** [1]", NOW)
    again = Turn.model_validate_json(kept.model_dump_json())
    assert said_in(again) == said
    assert type(said_in(again)) is type(said)


def test_a_reply_is_known_as_what_it_is() -> None:
    assert {kind_of(answer) for answer in ANSWERS.values()} == {"answer"}
    assert (kind_of(PLAN), kind_of(SERIES)) == ("plan", "series")
    assert {kind_of(other) for other in OTHERS.values()} == {"other"}
    assert [turn(said).kind for said in (PLAN, SERIES, ANSWERS["paint"])] == [
        "plan", "series", "answer",
    ]  # fmt: skip


@pytest.mark.parametrize("said", OTHERS.values(), ids=OTHERS.keys())
def test_of_any_other_reply_only_what_was_shown_is_kept(said: Said) -> None:
    kept = turn(said)
    assert (kept.kind, kept.said, kept.shown) == ("other", None, "**Shown** [1]")
    assert said_in(kept) is None


def older(kept: Turn, **changes: Any) -> Turn:
    """A turn as another version would have written it: with other fields."""
    assert kept.said
    fields = json.loads(kept.said) | changes
    said = {name: value for name, value in fields.items() if value is not ...}
    return kept.model_copy(update={"said": json.dumps(said)})


UNKNOWN = {
    "a new field": lambda kept: older(kept, mood="good"),
    "a field that is gone": lambda kept: older(kept, citations=...),
    "a field of another kind": lambda kept: older(kept, citations="none"),
    "of another record": lambda kept: kept.model_copy(update={"said": SERIES.model_dump_json()}),
    "half of it": lambda kept: kept.model_copy(update={"said": str(kept.said)[:-9]}),
    "a list": lambda kept: kept.model_copy(update={"said": "[]"}),
    "null": lambda kept: kept.model_copy(update={"said": "null"}),
    "nothing": lambda kept: kept.model_copy(update={"said": ""}),
    "none": lambda kept: kept.model_copy(update={"said": None}),
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN.keys())
@pytest.mark.parametrize("said", [ANSWERS["many"], PLAN], ids=["answer", "plan"])
def test_what_another_version_wrote_is_not_known_and_its_markdown_is_shown(
    said: Answer | SessionPlan, change: Any
) -> None:
    kept = change(turn(said))
    assert said_in(kept) is None
    assert thread_of(talk(kept), "Assistant")["steps"][1]["output"] == "**Shown** [1]"


@given(st.sampled_from(["answer", "plan", "series", "other"]), st.none() | st.text(max_size=50))
def test_nothing_that_is_kept_is_a_failure(kind: Any, said: str | None) -> None:
    assert said_in(turn(PLAN).model_copy(update={"kind": kind, "said": said})) is None


# --- its text and what it cites -------------------------------------------------------


@pytest.mark.parametrize("said", TAKEN.values(), ids=TAKEN.keys())
def test_the_text_to_copy_is_the_same_of_what_was_kept(said: Answer | SessionPlan) -> None:
    again = said_in(turn(said))
    assert again
    assert text_of(again) == text_of(said)


def test_the_text_to_copy_has_the_sources() -> None:
    assert QUOTES["marks"] in text_of(ANSWERS["quote marks"])
    assert "\nSources\n" in text_of(ANSWERS["quote marks"])
    assert text_of(PLAN).startswith(f"# {PLAN.title}")


def test_what_is_cited_is_each_document_once_in_its_order() -> None:
    own, library = ASSISTANT.own["manual"], (ASSISTANT.LIBRARY, ASSISTANT.sha256)
    assert cited_by(ANSWERS["many"]) == (library,)
    assert cited_by(ANSWERS["page 2"]) == (("manual", own.sha256), library)
    assert cited_by(PLAN) == (("note-1", "0" * 64), ("note-2", "0" * 64))
    assert set(cited_by(SERIES)) == {
        (one.document_id, one.document_sha256)
        for session in SERIES.sessions
        for one in session.plan.citations
    } != set()  # fmt: skip


def test_an_answer_that_was_declined_cites_what_is_nearest() -> None:
    assert ANSWERS["paint"].citations == ()
    assert cited_by(ANSWERS["paint"]) == ((ASSISTANT.LIBRARY, ASSISTANT.sha256),)


@pytest.mark.parametrize("said", OTHERS.values(), ids=OTHERS.keys())
def test_any_other_reply_cites_nothing(said: Said) -> None:
    assert cited_by(said) == ()
    assert sources_of(said, ASSISTANT.source) == []


def test_the_sources_are_those_of_the_version_that_is_cited() -> None:
    asked: list[tuple[str, str]] = []

    def source(document_id: str, version: str) -> Source:
        asked.append((document_id, version))
        return ASSISTANT.source(document_id, version)

    found = sources_of(ANSWERS["page 2"], source)
    assert [(one.document_id, one.sha256) for one in found] == list(cited_by(ANSWERS["page 2"]))
    assert asked == list(cited_by(ANSWERS["page 2"]))


def test_the_source_of_a_document_that_was_removed_is_left_out() -> None:
    assistant = ScriptedAssistant(own=True)
    answer = assistant.ask("page 2")
    assistant.removed.add("manual")
    found = sources_of(answer, assistant.source)
    assert [one.document_id for one in found] == [assistant.LIBRARY]
    with pytest.raises(DocumentNotFound):
        assistant.source("manual")


def test_a_source_that_cannot_be_read_is_a_failure_that_is_told() -> None:
    def damaged(_: str, __: str) -> Source:
        raise IndexDamaged("The index contradicts itself.", "Run: assistant build")

    with pytest.raises(IndexDamaged):
        sources_of(ANSWERS["many"], damaged)


# --- on the page ----------------------------------------------------------------------


def test_a_conversation_is_on_the_page_with_who_has_it_and_its_profile() -> None:
    thread = thread_of(talk(turn(PLAN)), "Assistant")
    assert (thread["id"], thread["name"]) == ("talk", "What is asked?")
    assert thread["userId"] == thread["userIdentifier"] == "ada"
    assert thread["metadata"] == {"chat_profile": "prepare"}
    assert thread["createdAt"] == "2026-03-02T09:00:00+00:00"
    assert thread["tags"] == thread["elements"] == []
    assert json.loads(json.dumps(thread)) == thread


def test_each_turn_is_a_question_and_a_reply_at_the_top_in_their_order() -> None:
    said: list[Said] = [ANSWERS["many"], OTHERS["files"], PLAN]
    turns = [turn(one, f"shown {number}", number) for number, one in enumerate(said)]
    steps = thread_of(talk(*turns), "Assistant")["steps"]
    assert [step["id"] for step in steps] == [
        "asked-0", "reply-0", "asked-1", "reply-1", "asked-2", "reply-2",
    ]  # fmt: skip
    assert [step["type"] for step in steps] == ["user_message", "assistant_message"] * 3
    assert [step["name"] for step in steps] == ["User", "Assistant"] * 3
    assert [step["output"] for step in steps[::2]] == ["What is asked?"] * 3
    assert [step["output"] for step in steps[1::2]] == ["shown 0", "shown 1", "shown 2"]
    for step in steps:
        assert (step["threadId"], step["parentId"]) == ("talk", None)
        assert step["createdAt"] == step["start"] == step["end"] == NOW.isoformat()
        assert step["streaming"] is step["isError"] is False


def test_an_answer_that_was_declined_has_its_sign_again_and_no_other_has_it() -> None:
    turns = [turn(ANSWERS["paint"], number=1), turn(ANSWERS["many"], number=2)]
    steps = thread_of(talk(*turns, turn(PLAN, number=3)), "Assistant")["steps"]
    signs = [step["metadata"] for step in steps if step["type"] == "assistant_message"]
    assert signs == [{"icon": "circle-slash"}, {}, {}]
    assert {json.dumps(step["metadata"]) for step in steps[::2]} == {"{}"}


def test_a_conversation_without_turns_is_empty_on_the_page() -> None:
    assert thread_of(talk(), "Assistant")["steps"] == []
