"""What a coach says: a brief, a series, a change, files, or a question for the guidance."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.bank import CoachingDataError
from assistant.coaching.coach import (
    Prepared,
    TakeAwayWanted,
    coach,
    formats_in,
    prepare_series,
)
from assistant.errors import AssistantError, BriefError, BriefIncomplete
from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Stage
from assistant.takeaway.export import Format
from tests.coaching.coached import INDEX, activities_of, brief, coaching, outcome, plan

PLAN = plan(minutes=90, purpose="agree what the need is")
SERIES = prepare_series(coaching(), INDEX, brief(minutes=90), 3, "a year")
BRIEF = "Prepare a 60 minute session for a ward at full implementation, 8 nurses."


def said(
    text: str, current: Prepared | None = None, preparing: bool = False
) -> Prepared | TakeAwayWanted | None:
    return coach(coaching(), INDEX, text, current, preparing)


def planned(text: str, current: Prepared | None = None, preparing: bool = False) -> SessionPlan:
    made = said(text, current, preparing)
    assert isinstance(made, SessionPlan)
    return made


QUESTIONS = [
    "How do I plan for sustainment?", "What is a session plan?", "Who should be on the team?",
    "What should a first meeting of the team cover?", "How do I open a meeting with hostile staff?",
    "Which session should come first?", "Is a plan for the session needed?",
    "Why do sessions fail?", "Should I run a workshop or a meeting?", "When should we meet?",
    "What is fidelity?", "Give me discussion questions for a meeting",
    "Do you have guidance on running a workshop?", "Where do I find an agenda?",
    "Tell me how to prepare a session", "Explain the agenda of a team launch.",
    "We want to know how to run a meeting with hostile staff.",
    "We need to build a team. Who should attend the meetings?",
    "I lead a team that meets weekly. What is fidelity?", "", "hello", "Thank you!",
    "Fidelity", "What does a 60 minute session at installation need?",
    "How long is exploration?", "What are the six stages?",
]  # fmt: skip


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("current", [None, PLAN], ids=["first", "after a plan"])
def test_a_question_is_left_to_the_guidance(text: str, current: Prepared | None) -> None:
    assert said(text, current) is None


def test_what_is_told_of_a_team_changes_a_plan_and_begins_none() -> None:
    assert said("The team is tired.") is None
    assert planned("The team is tired.", PLAN).brief.low_energy


@pytest.mark.parametrize("text", [text for text in QUESTIONS if text.endswith("?")])
def test_a_question_is_one_while_preparing_too(text: str) -> None:
    assert said(text, None, preparing=True) is None


@pytest.mark.parametrize(
    "text",
    [
        BRIEF, "Can you prepare a session for my ward at full implementation?",
        "Could you plan a 60 minute session for a ward at full implementation, please?",
        "I need an agenda for a ward at full implementation.",
        "Agenda for a meeting on a ward, full implementation, 60 minutes",
        "a workshop for the ward: full implementation, 60 minutes",
        "Help me prepare a meeting for a ward at full implementation",
        "Let's design a workshop. Ward, full implementation, 60 minutes.",
        "We want to run a workshop on the ward, they are at full implementation",
        "60 minute session, ward, full implementation",
        "Plan 60 minutes for a ward at full implementation.",
    ],
)  # fmt: skip
def test_a_wish_for_a_session_gives_a_plan(text: str) -> None:
    of = planned(text).brief
    assert (of.stage, of.sector, of.minutes) == (Stage.FULL, "health", 60)
    assert of.setting.lower() == "ward"


def test_while_preparing_a_bare_brief_is_enough() -> None:
    text = "Full implementation, ward, 45 minutes"
    assert said(text) is None
    assert planned(text, preparing=True).brief.minutes == 45


def test_while_preparing_what_says_nothing_of_a_session_is_still_a_question() -> None:
    assert said("Staff are against it.", preparing=True) is None


def test_without_a_stage_it_is_asked_back_and_the_answer_is_added() -> None:
    text = "Prepare a 45 minute session for a school with 6 teachers."
    with pytest.raises(BriefIncomplete) as caught:
        said(text)
    assert caught.value.message == "Which stage is the team in?"
    of = planned(f"{text}\nexploration").brief
    assert (of.stage, of.minutes, of.size) == (Stage.EXPLORATION, 45, 6)


@pytest.mark.parametrize(
    "answer",
    ["installation", "Installation.", "we are at installation", "the prepare phase",
     "they are about to start", "Stage: installation", "the installation stage"],
)  # fmt: skip
def test_the_stage_may_be_answered_in_many_ways(answer: str) -> None:
    text = "Prepare a 45 minute session for a school."
    assert planned(f"{text}\n{answer}").brief.stage is Stage.INSTALLATION


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        ("Prepare a 3 minute session for a school at exploration", "3 minutes are too few"),
        ("Prepare a workshop of two days for a school at exploration", "16 hours are too long"),
        ("Prepare a two-day workshop for a school at exploration", "16 hours are too long"),
        ("Prepare a session for 400 people at a school, exploration", "400 people are too many"),
        ("Prepare a session for a school in the adoption phase", "“adoption” is no stage"),
        ("Prepare a session on 31 June 2027 for a school at exploration", "No calendar"),
    ],
)
def test_what_cannot_be_is_refused(text: str, said_of_it: str) -> None:
    with pytest.raises(BriefError) as caught:
        said(text)
    assert said_of_it in caught.value.message
    assert not isinstance(caught.value, BriefIncomplete)


# Series


def test_several_sessions_give_a_series() -> None:
    made = said("Plan six 90-minute sessions over a year for a primary school at exploration")
    assert isinstance(made, SessionSeries)
    assert [one.plan.brief.minutes for one in made.sessions] == [90] * 6
    assert made.span == "a year"


def test_a_series_without_a_stage_begins_with_exploration_and_says_so() -> None:
    made = said("Agenda for three sessions over a term with a care home")
    assert isinstance(made, SessionSeries)
    assert made.sessions[0].plan.brief.stage is Stage.EXPLORATION
    assert any("named no stage" in line for line in made.notices)


def test_a_series_after_a_plan_goes_on_from_it() -> None:
    made = said("Make it a series of three sessions over a term", PLAN)
    assert isinstance(made, SessionSeries)
    assert [one.plan.brief.minutes for one in made.sessions] == [90] * 3
    assert {one.plan.brief.setting for one in made.sessions} == {"primary school"}
    assert made.span == "a term"


def test_too_long_a_series_is_refused() -> None:
    with pytest.raises(BriefError):
        said("Plan 30 sessions over a year for a school at exploration")


@pytest.mark.parametrize(
    "text", ["How do I plan six sessions over a year?", "What are good topics for three meetings?"]
)
def test_a_question_on_a_series_is_a_question(text: str) -> None:
    assert said(text) is None


# Changes


@pytest.mark.parametrize(
    "text",
    [
        "make it shorter",
        "for 45 minutes",
        "they are now at initial implementation",
        "for a ward instead",
        "less talking, more doing",
        "Can you make it shorter?",
        "another activity, please",
    ],
)
def test_after_a_plan_a_change_revises_it(text: str) -> None:
    made = planned(text, PLAN)
    assert made.changes
    assert made.brief != PLAN.brief


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("half an hour only", "minutes", 30), ("can we do it in 50 minutes?", "minutes", 50),
        ("we only have six people now", "size", 6), ("it will be on Zoom", "mode", "online"),
        ("we moved to full implementation", "stage", Stage.FULL),
        ("a bit shorter please", "minutes", 60), ("15 minutes shorter", "minutes", 75),
        ("cut 15 minutes", "minutes", 75), ("add 15 minutes", "minutes", 105),
        ("Actually it's a nursery", "setting", "nursery"),
    ],
)  # fmt: skip
def test_a_change_may_be_said_in_passing(text: str, field: str, value: object) -> None:
    assert getattr(planned(text, PLAN).brief, field) == value


@pytest.mark.parametrize("text", ["make it shorter", "for 45 minutes", "online"])
def test_without_a_plan_there_is_nothing_to_change(text: str) -> None:
    assert said(text) is None


def test_after_a_series_a_change_revises_it() -> None:
    made = said("session 2 shorter", SERIES)
    assert isinstance(made, SessionSeries)
    assert [one.plan.brief.minutes for one in made.sessions] == [90, 60, 90]


def test_a_whole_new_brief_after_a_plan_begins_anew() -> None:
    made = planned(BRIEF, PLAN)
    assert made.changes == ()
    assert made.brief.purpose == ""
    new = planned(
        "Now prepare a session for a care home at sustainment, 30 minutes, 5 people", PLAN
    )
    assert new.changes == ()
    assert (new.brief.setting, new.brief.stage) == ("care home", Stage.SUSTAINMENT)


def test_changes_can_follow_each_other() -> None:
    made = PLAN
    for text in ("for 45 minutes", "for a ward instead", "online", "for 12 people"):
        made = planned(text, made)
    of = made.brief
    assert (of.minutes, of.setting, of.mode, of.size) == (45, "ward", "online", 12)
    assert of.purpose == PLAN.brief.purpose


def test_a_change_that_is_not_understood_is_no_plan_made_of_nothing() -> None:
    with pytest.raises(BriefError):
        said("make it purple", PLAN)


# Files


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("Turn that into slides", {"pptx"}), ("make slides of it", {"pptx"}),
        ("turn that into slides and an email", {"pptx", "txt"}),
        ("Send it as a Word document", {"docx"}), ("export as pdf", {"pdf"}),
        ("give me the PDF", {"pdf"}), ("Save it as markdown", {"md"}),
        ("put it in my calendar", {"ics"}), ("Please make a PowerPoint of it", {"pptx"}),
        ("Can you turn it into a presentation?", {"pptx"}), ("as docx", {"docx"}),
        ("draft an email to the team", {"txt"}), ("I need it as PDF and Word", {"pdf", "docx"}),
        ("slides please", {"pptx"}), ("Can I have it as slides?", {"pptx"}), ("PDF", {"pdf"}),
        ("Could I get a calendar invitation?", {"ics"}),
    ],
)  # fmt: skip
def test_a_wish_for_files_names_their_formats(text: str, formats: set[Format]) -> None:
    assert set(formats_in(text)) == formats
    wanted = said(text, PLAN)
    assert isinstance(wanted, TakeAwayWanted)
    assert set(wanted.formats) == formats


@pytest.mark.parametrize(
    "text",
    [
        "What should go into the slides?",
        "How do I write an email to parents?",
        "I need a word with the leader about time",
        "make it shorter",
        "",
        "In other words, make it shorter",
        "They present their data",
        "Who invites the families?",
    ],
)
def test_what_only_speaks_of_slides_or_words_is_no_wish_for_files(text: str) -> None:
    assert formats_in(text) == ()


def test_a_brief_that_wants_slides_too_is_a_brief_first() -> None:
    made = said(f"{BRIEF} Then make slides of it.")
    assert isinstance(made, SessionPlan)


def test_every_format_can_be_asked_for() -> None:
    words = ("slides", "a Word file", "a pdf", "markdown", "an email", "a calendar invite")
    asked = {form for word in words for form in formats_in(f"Turn it into {word}")}
    assert asked == set(get_args(Format))


# Errors of the data, and oddness


def test_a_group_for_which_the_bank_has_nothing_left_is_told_so() -> None:
    made: object = plan(minutes=60)
    for _ in range(80):
        if not isinstance(made, SessionPlan):
            break
        before = made
        made = outcome(lambda: said("different activities", before))  # noqa: B023
    assert isinstance(made, CoachingDataError | BriefError)
    assert made.remedy


def test_a_plan_with_a_day_and_a_time_carries_them() -> None:
    made = planned(f"{BRIEF} We meet on 3 December 2026 at 14:00 Europe/London.")
    of = made.brief
    assert (of.day, of.at and of.at.hour, of.zone) == (date(2026, 12, 3), 14, "Europe/London")


def test_activities_are_for_what_was_asked() -> None:
    made = planned(f"{BRIEF} Our champion has left.")
    assert activities_of(made)
    assert "champion" in made.purpose


words = st.sampled_from(
    "plan prepare session workshop six sessions over a year for the ward school exploration full"
    " implementation 60 minutes 8 people make it shorter slides pdf how what ? . another activity"
    " last time we online stage: someday on 2026-02-30 session 2 9".split()
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(words, max_size=14).map(" ".join)),
    st.sampled_from([None, PLAN, SERIES]),
    st.booleans(),
)
def test_any_text_gives_something_prepared_a_question_or_an_error_with_a_remedy(
    text: str, current: Prepared | None, preparing: bool
) -> None:
    made = outcome(lambda: said(text, current, preparing))
    if isinstance(made, AssistantError):
        assert made.remedy
    else:
        assert made is None or isinstance(made, SessionPlan | SessionSeries | TakeAwayWanted)
