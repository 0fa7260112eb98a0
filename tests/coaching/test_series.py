"""Sessions over a span of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching.coach import prepare_series, revise
from assistant.coaching.series import (
    SeriesSaid,
    briefs_of,
    require_count,
    series_in,
    session_in,
    stages_of,
    whens,
    without_session,
)
from assistant.errors import BriefError
from assistant.plans import SessionSeries
from assistant.records import Stage
from tests.coaching.coached import INDEX, activities_of, bank, brief, coaching, lines
from tests.coaching.test_plan import require_sound

EXPLORATION, INSTALLATION, INITIAL, FULL, SCALING, SUSTAINMENT = Stage


def made(count: int = 3, span: str = "a year", **given_: object) -> SessionSeries:
    return prepare_series(coaching(), INDEX, brief(**given_), count, span)


def changed(text: str, before: SessionSeries) -> SessionSeries:
    new = revise(coaching(), INDEX, before, text)
    assert isinstance(new, SessionSeries)
    return new


SIX = made(6, minutes=90)


@pytest.mark.parametrize(
    ("text", "count", "span"),
    [
        ("agenda for six sessions over a year", 6, "a year"),
        ("Plan 4 workshops over two terms", 4, "two terms"),
        ("twelve meetings across the school year", 12, "the school year"),
        ("a series of sessions over six weeks", 6, "six weeks"),
        ("three coaching sessions", 3, "a year"),
        ("a series of three sessions over a term", 3, "a term"),
        ("three meetings in the autumn term", 3, "the autumn term"),
        ("plan six 90-minute sessions over a year", 6, "a year"),
        ("three sessions of 3 hours over three days", 3, "three days"),
        ("several meetings within two months", 6, "two months"),
        ("two workshops over the next year", 2, "year"),
    ],
)
def test_a_series_is_read_with_its_count_and_its_span(text: str, count: int, span: str) -> None:
    said = series_in(text)
    assert said is not None
    assert said.count == count
    assert said.span.removeprefix("the ").removeprefix("next ") == span.removeprefix("the ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a session",
        "one session of 90 minutes",
        "Plan the session for six people.",
        "six people in session",
        "We had six sessions already. Prepare a 60 minute session.",
    ],
)
def test_one_session_is_no_series(text: str) -> None:
    assert series_in(text) is None


@pytest.mark.parametrize("text", ["13 sessions", "twenty workshops over a year", "100 meetings"])
def test_too_many_sessions_are_refused(text: str) -> None:
    with pytest.raises(BriefError) as caught:
        series_in(text)
    assert "2 to 12 sessions" in caught.value.message


@pytest.mark.parametrize("count", [-1, 0, 1, 13])
def test_a_series_of_one_or_too_many_is_refused(count: int) -> None:
    with pytest.raises(BriefError):
        require_count(count)
    with pytest.raises(BriefError):
        made(count)


@given(st.integers(1, 12), st.sampled_from(list(Stage)))
def test_stages_follow_their_order_and_each_has_its_turn(count: int, first: Stage) -> None:
    order = bank().shapes.series[first]
    stages = stages_of(bank(), first, count)
    assert len(stages) == count
    assert stages[0] is first
    places = [order.index(stage) for stage in stages]
    assert places == sorted(places)
    assert set(stages) == set(order[:count])


@pytest.mark.parametrize(
    ("count", "span", "expected"),
    [
        (3, "a year", ("Month 1", "Month 5", "Month 9")),
        (2, "two years", ("Month 1", "Month 13")),
        (3, "a term", ("Week 1", "Week 5", "Week 9")),
        (5, "a week", ("Day 1", "Day 2", "Day 3", "Day 4", "Day 5")),
        (2, "six weeks", ("Week 1", "Week 4")),
        (3, "six months", ("Month 1", "Month 3", "Month 5")),
        (3, "three days", ("Day 1", "Day 2", "Day 3")),
        (2, "half a year", ("Month 1", "Month 4")),
        (2, "some time", ("Session 1", "Session 2")),
    ],
)
def test_sessions_are_spread_over_the_span(
    count: int, span: str, expected: tuple[str, ...]
) -> None:
    assert whens(count, span) == expected


@given(st.integers(2, 12), st.sampled_from(["a year", "two terms", "a month", "six weeks", "x"]))
def test_sessions_come_in_the_order_of_time(count: int, span: str) -> None:
    places = [int(when.split()[1]) for when in whens(count, span)]
    assert len(places) == count
    assert places == sorted(places)
    assert places[0] == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("session 2 shorter", 2),
        ("make the third one longer", 3),
        ("make the last online", 6),
        ("Session four for a ward", 4),
        ("make it shorter", None),
        ("", None),
    ],
)
def test_a_session_of_a_series_is_named_by_its_number_or_place(
    text: str, number: int | None
) -> None:
    assert session_in(text, 6) == number


def test_a_session_that_is_not_there_is_refused() -> None:
    with pytest.raises(BriefError) as caught:
        session_in("session 7 shorter", 6)
    assert caught.value.message == "There is no session 7: the series has 6."


def test_a_text_can_be_had_without_the_session_it_names() -> None:
    assert without_session("make session 2 shorter") == "make it shorter"


def test_each_session_is_sound_and_has_its_number_and_its_time() -> None:
    assert [one.number for one in SIX.sessions] == [1, 2, 3, 4, 5, 6]
    assert [one.when for one in SIX.sessions] == list(whens(6, "a year"))
    for one in SIX.sessions:
        require_sound(one.plan)


def test_sessions_go_along_the_stages() -> None:
    assert [one.plan.brief.stage for one in SIX.sessions] == [
        EXPLORATION, EXPLORATION, INSTALLATION, INITIAL, INITIAL, FULL,
    ]  # fmt: skip


def test_each_session_has_a_purpose_of_its_own() -> None:
    assert len({one.plan.purpose for one in SIX.sessions}) == 6
    assert len({one.plan.title for one in SIX.sessions}) == 6


def test_sessions_do_not_repeat_each_others_activities() -> None:
    names = [name for one in SIX.sessions for name in activities_of(one.plan)]
    assert len(set(names)) == len(names)


def test_the_first_session_keeps_the_purpose_that_was_given() -> None:
    series = made(purpose="our champion has left")
    assert "our champion has left" in series.sessions[0].plan.purpose
    assert "champion" not in series.sessions[1].plan.purpose


def test_notes_and_the_day_belong_to_the_first_session_only() -> None:
    first = brief(last_time="We met.", stage_cue="not decided yet")
    briefs = briefs_of(bank(), lines(), first, stages_of(bank(), EXPLORATION, 3))
    assert briefs[0].last_time == "We met."
    assert [one.last_time for one in briefs[1:]] == ["", ""]
    assert all(one.day is None for one in briefs[1:])


def test_length_size_and_place_are_those_of_all_sessions() -> None:
    series = made(4, minutes=75, size=20, mode="online", setting="ward")
    for one in series.sessions:
        of = one.plan.brief
        assert (of.minutes, of.size, of.mode, of.setting) == (75, 20, "online", "ward")


def test_the_title_says_how_many_over_what() -> None:
    assert SIX.title == "6 sessions over a year: primary school"


def test_what_is_noticed_of_many_sessions_is_said_once() -> None:
    series = made(low_energy=True)
    assert sum("tired" in line for line in series.notices) == 1


def test_a_series_is_the_same_every_time() -> None:
    assert made(6, minutes=90).model_dump_json() == SIX.model_dump_json()


def test_a_change_of_one_session_leaves_the_others() -> None:
    new = changed("make session 2 shorter", SIX)
    assert [one.plan.brief.minutes for one in new.sessions] == [90, 60, 90, 90, 90, 90]
    assert all(line.startswith("Session 2: ") for line in new.changes)
    assert new.changes[0] == "Session 2: Length: 90 minutes before, 60 minutes now."
    assert [one.plan for one in new.sessions if one.number != 2] == [
        one.plan for one in SIX.sessions if one.number != 2
    ]


def test_a_change_of_all_sessions_changes_all() -> None:
    new = changed("for 45 minutes", SIX)
    assert {one.plan.brief.minutes for one in new.sessions} == {45}
    assert "Length: 90 minutes before, 45 minutes now." in new.changes
    assert [one.plan.brief.stage for one in new.sessions] == [
        one.plan.brief.stage for one in SIX.sessions
    ]


def test_a_change_of_all_sessions_keeps_what_was_changed_of_one() -> None:
    new = changed("online", changed("make session 2 shorter", SIX))
    assert {one.plan.brief.mode for one in new.sessions} == {"online"}
    assert new.sessions[1].plan.brief.minutes == 60


def test_another_place_changes_the_title_too() -> None:
    assert changed("for a ward instead", SIX).title == "6 sessions over a year: ward"


def test_another_stage_orders_the_sessions_anew() -> None:
    new = changed("they are now at initial implementation", SIX)
    assert [one.plan.brief.stage for one in new.sessions] == list(stages_of(bank(), INITIAL, 6))
    (line,) = new.changes
    assert line.startswith("The stages of the sessions are now: 1 initial implementation, ")


def test_a_change_that_is_not_understood_is_refused() -> None:
    with pytest.raises(BriefError):
        changed("make it purple", SIX)


def test_what_was_said_of_a_series_is_a_value() -> None:
    assert series_in("six sessions") == SeriesSaid(6, "a year")
