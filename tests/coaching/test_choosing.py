"""What of the coaching data suits a brief."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.choosing import (
    Leaning,
    about,
    choose_activities,
    choose_prompts,
    texts_of,
    topics_in,
    topics_of,
)
from assistant.coaching.data import Activity
from assistant.plans import SessionBrief
from assistant.records import Stage
from tests.coaching.coached import bank, brief, nearness


def far(text: str, others: Sequence[str]) -> list[float]:
    return [0.0] * len(others)


def near_to(wanted: str) -> object:
    def near(text: str, others: Sequence[str]) -> list[float]:
        return [1.0 if wanted in other else 0.0 for other in others]

    return near


def chosen(of: SessionBrief, minutes: int = 20, count: int = 1) -> list[Activity]:
    return [one for one, _ in choose_activities(bank(), of, minutes, count, nearness)]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("our champion has left", "champion-left"),
        ("the team is tired", "workload"),
        ("staff push back", "resistance"),
        ("whose voice is missing", "equity"),
        ("read the run chart", "data"),
        ("what we stop doing", "stop"),
        ("teachers drop lessons", "adaptation"),
        ("keep it going", "sustain"),
        ("nothing has changed since the training", "barriers"),
        ("the Hexagon", "fit"),
        ("who coaches whom", "coaching"),
        ("roll it out to other wards", "scale"),
        ("plan two PDSA cycles", "testing"),
        ("the new headteacher", "leadership"),
        ("induction of new staff", "turnover"),
        ("take it to the funder", "policy"),
    ],
)
def test_a_purpose_in_a_coachs_words_has_its_topic(text: str, topic: str) -> None:
    assert topic in topics_in(bank().topics, text)


@pytest.mark.parametrize(
    "text", ["", "talk", "at last we meet", "benefits", "he lasted", "brownies", "latest", "attest"]
)
def test_a_purpose_without_a_topic_has_none(text: str) -> None:
    assert topics_in(bank().topics, text) == ()


def test_topics_that_a_brief_gives_come_before_those_of_its_words() -> None:
    of = brief(topics=("policy",), purpose="our champion has left", last_time="no time")
    assert topics_of(bank(), of) == ("policy", "champion-left", "workload")


def test_a_session_is_about_its_purpose_or_its_notes_or_what_is_usual_at_its_stage() -> None:
    assert about(bank(), brief(purpose="keep going", last_time="We argued.")) == "keep going"
    assert about(bank(), brief(last_time="We argued.")) == "We argued."
    assert about(bank(), brief()) == bank().stages[Stage.EXPLORATION].purpose


@given(
    stage=st.sampled_from(list(Stage)), mode=st.sampled_from(["room", "online", "hybrid"]),
    size=st.integers(2, 60), minutes=st.integers(8, 130), count=st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_what_is_chosen_fits_the_group_and_takes_the_minutes(
    stage: Stage, mode: str, size: int, minutes: int, count: int
) -> None:
    of = brief(stage=stage, mode=mode, size=size)
    made = choose_activities(bank(), of, minutes, count, nearness)
    assert sum(given_ for _, given_ in made) == minutes
    assert len({one.id for one, _ in made}) == len(made)
    for one, given_ in made:
        assert size in one.size
        assert mode in one.modes
        assert given_ in one.minutes


def test_as_many_are_chosen_as_are_wanted_where_they_fit() -> None:
    assert [len(chosen(brief(), 60, count)) for count in (1, 2, 3)] == [1, 2, 3]


def test_fewer_are_chosen_where_more_have_no_time() -> None:
    assert len(chosen(brief(), 8, 3)) == 1


def test_more_are_chosen_where_few_cannot_take_so_long() -> None:
    made = choose_activities(bank(), brief(), 200, 1, nearness)
    assert len(made) > 1
    assert sum(minutes for _, minutes in made) == 200


def test_what_cannot_be_filled_is_an_error() -> None:
    with pytest.raises(ValueError, match="no activities take 2 minutes"):
        choose_activities(bank(), brief(), 2, 1, nearness)


@pytest.mark.parametrize("stage", list(Stage))
def test_activities_for_the_stage_come_first(stage: Stage) -> None:
    for count in (1, 2, 3):
        assert all(stage in one.stages for one in chosen(brief(stage=stage), 40, count))


@pytest.mark.parametrize(
    ("stage", "purpose", "topic"),
    [
        (Stage.FULL, "our champion has left", "champion-left"),
        (Stage.INITIAL, "staff refuse and push back", "resistance"),
        (Stage.EXPLORATION, "whose voice is missing", "equity"),
        (Stage.SUSTAINMENT, "agree what to stop doing", "stop"),
        (Stage.INITIAL, "plan small PDSA cycles", "testing"),
    ],
)
def test_a_purpose_brings_an_activity_on_its_topic(stage: Stage, purpose: str, topic: str) -> None:
    (one,) = chosen(brief(stage=stage, purpose=purpose), 25)
    assert topic in one.topics


def test_a_purpose_without_a_topic_is_met_by_meaning() -> None:
    wanted = next(one for one in bank().activities if one.id == "behind-the-average")
    made = choose_activities(
        bank(), brief(purpose="something else"), 20, 1,
        near_to(wanted.title),  # type: ignore[arg-type]
    )  # fmt: skip
    assert made[0][0] == wanted


def test_what_is_left_out_does_not_come_back() -> None:
    (first,) = chosen(brief())
    (second,) = chosen(brief(left_out=(first.id,)))
    assert second != first


def test_where_more_doing_is_wanted_people_do() -> None:
    for stage in Stage:
        (one,) = chosen(brief(stage=stage, more_doing=True), 25)
        assert one.doing


def test_what_was_chosen_before_stays_if_it_still_fits() -> None:
    last = choose_activities(bank(), brief(), 30, 1, nearness, Leaning())[0][0]
    others = [
        one for one in bank().activities
        if one != last and 30 in one.minutes and 8 in one.size and Stage.EXPLORATION in one.stages
    ]  # fmt: skip
    for other in others[:5]:
        leaning = Leaning(kept=frozenset({other.id}))
        assert choose_activities(bank(), brief(), 30, 1, nearness, leaning)[0][0] == other


def test_what_an_earlier_session_had_is_not_chosen_again() -> None:
    first = choose_activities(bank(), brief(), 30, 1, nearness)[0][0]
    leaning = Leaning(used=frozenset({first.id}))
    assert choose_activities(bank(), brief(), 30, 1, nearness, leaning)[0][0] != first


def test_where_all_is_equally_near_the_choice_is_the_same_every_time() -> None:
    made = [choose_activities(bank(), brief(), 45, 2, far) for _ in range(3)]
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize(("minutes", "count"), [(20, 4), (60, 5), (90, 6), (120, 7), (240, 8)])
def test_a_longer_session_has_more_prompts(stage: Stage, minutes: int, count: int) -> None:
    prompts = choose_prompts(bank(), brief(stage=stage, minutes=minutes), nearness)
    assert len(prompts) == count
    assert [one.about for one in prompts][-2:] == ["equity", "failure"]
    assert len({one.text for one in prompts}) == count


def test_prompts_on_the_purpose_stand_beside_those_for_the_stage() -> None:
    prompts = choose_prompts(bank(), brief(minutes=90, purpose="our champion has left"), nearness)
    assert [one.about for one in prompts] == [
        "stage", "stage", "topic", "topic", "equity", "failure",
    ]  # fmt: skip


def test_prompts_are_of_the_stage() -> None:
    for stage in Stage:
        of_stage = {one.text for one in bank().prompts if stage in one.stages}
        made = choose_prompts(bank(), brief(stage=stage, purpose="the data"), nearness)
        assert {one.text for one in made} <= of_stage


def test_prompts_that_were_there_stay() -> None:
    had = [one.text for one in bank().prompts if one.about == "stage" and Stage.FULL in one.stages][
        -2:
    ]
    made = choose_prompts(bank(), brief(stage=Stage.FULL), nearness, Leaning(frozenset(had)))
    assert set(had) <= {one.text for one in made}


def test_the_texts_that_nearness_is_asked_for_are_all_known_before() -> None:
    known = set(texts_of(bank()))
    asked: set[str] = set()

    def remember(text: str, others: Sequence[str]) -> list[float]:
        asked.update(others)
        return far(text, others)

    choose_activities(bank(), brief(), 30, 1, remember)
    choose_prompts(bank(), brief(), remember)
    assert asked
    assert asked <= known


def test_prompts_follow_the_order_of_nearness_within_their_kind() -> None:
    made = choose_prompts(bank(), brief(minutes=240), nearness)
    place = {one.text: n for n, one in enumerate(bank().prompts)}
    of_stage = [place[one.text] for one in made if one.about == "stage"]
    assert len(of_stage) == 6
    assert all(one != other for one, other in pairwise(of_stage))
