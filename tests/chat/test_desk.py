from typing import cast

import pytest

from assistant.app import Assistant
from assistant.chat.desk import AskedBack, Desk, Turn
from assistant.coaching.coach import TakeAwayWanted
from assistant.errors import BriefError
from assistant.plans import SessionPlan, SessionSeries
from tests.chat.chatting import ChattingAssistant


def said(desk: Desk, *texts: str, preparing: bool = False) -> tuple[Desk, Turn | None]:
    """What becomes of the last of these messages."""
    turn: Turn | None = None
    for text in texts:
        desk, turn = desk.take_up(cast(Assistant, ChattingAssistant()), text, preparing)
    return desk, turn


def plan_of(turn: Turn | None) -> SessionPlan:
    assert isinstance(turn, SessionPlan)
    return turn


def test_a_plan_is_kept_to_be_changed_and_taken_away() -> None:
    desk, plan = said(Desk(), "plan a")
    assert desk.current is desk.shown is plan
    desk, changed = said(desk, "change it is shorter")
    assert plan_of(changed).changes == ("it is shorter",)
    assert desk.current is desk.shown is changed


def test_a_question_is_none_of_this_and_leaves_the_desk_as_it_is() -> None:
    desk, _ = said(Desk(), "plan a")
    assert said(desk, "What is the Hexagon?") == (desk, None)


def test_a_bare_brief_is_one_only_to_who_came_to_prepare() -> None:
    assert said(Desk(), "brief for a ward")[1] is None
    assert plan_of(said(Desk(), "brief for a ward", preparing=True)[1])


def test_what_a_brief_lacks_is_asked_and_read_together_with_it() -> None:
    desk, asked = said(Desk(), "lacking 90 minutes")
    assert asked == AskedBack("Where does the team work?", "Two words are enough.")
    desk, turn = said(desk, "the setting is a ward")
    assert plan_of(turn).purpose == "lacking 90 minutes the setting is a ward"
    assert desk.lacking == ""


def test_after_an_answer_that_did_not_help_the_brief_begins_anew() -> None:
    desk, asked = said(Desk(), "lacking 90 minutes", "lacking still")
    assert isinstance(asked, AskedBack)
    assert desk.lacking == "lacking still"


@pytest.mark.parametrize("question", ["What is a setting", "Which setting do you mean?"])
def test_a_question_is_no_part_of_a_brief(question: str) -> None:
    desk, turn = said(Desk(), "lacking 90 minutes", question)
    assert turn is None
    assert desk.lacking == ""


def test_a_brief_that_is_whole_is_not_joined_with_what_lacked() -> None:
    desk, turn = said(Desk(), "lacking 90 minutes", "plan for the setting of a ward")
    assert plan_of(turn).purpose == "plan for the setting of a ward"
    assert desk.lacking == ""


def test_files_can_be_wanted_while_a_brief_lacks_something() -> None:
    desk, turn = said(Desk(), "plan a", "lacking 90 minutes", "Turn that into slides")
    assert turn == TakeAwayWanted(("pptx",))
    assert isinstance(desk.shown, SessionPlan)


def test_what_cannot_be_leaves_all_as_it_was() -> None:
    desk, _ = said(Desk(), "plan a", "lacking 90 minutes")
    with pytest.raises(BriefError, match="too few"):
        said(desk, "tiny")
    assert desk.current
    assert plan_of(said(desk, "the setting is a ward")[1])


@pytest.mark.parametrize(
    ("text", "number"),
    [("Show session 3", 3), ("please show me session two", 2), ("Open the last session", 3)],
)
def test_a_session_of_a_series_is_shown_and_the_series_stays_to_be_changed(
    text: str, number: int
) -> None:
    desk, series = said(Desk(), "series")
    assert isinstance(series, SessionSeries)
    desk, turn = said(desk, text)
    assert turn is series.sessions[number - 1].plan
    assert desk.shown is turn
    assert desk.current is series


def test_a_session_that_is_not_there_is_said() -> None:
    desk, _ = said(Desk(), "series")
    with pytest.raises(BriefError, match="no session 9"):
        said(desk, "Show session 9")


def test_the_series_and_the_plan_can_be_seen_again() -> None:
    desk, _ = said(Desk(), "series", "Show session 1")
    desk, turn = said(desk, "Show the series")
    assert turn is desk.current is desk.shown
    desk, plan = said(Desk(), "plan a")
    assert said(desk, "show the plan again")[1] is plan


def test_without_anything_prepared_nothing_can_be_shown() -> None:
    assert said(Desk(), "Show session 3") == (Desk(), None)
