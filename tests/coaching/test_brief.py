"""What is known of a session, to a brief: nothing is made up in silence, nothing impossible."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching.brief import GENERAL_SETTING, make_brief, sector_of
from assistant.errors import AssistantError, BriefError, BriefIncomplete
from assistant.plans import SessionBrief
from assistant.records import Stage
from tests.coaching.coached import bank, outcome

FULL_BRIEF = {
    "stage": Stage.FULL, "minutes": 45, "size": 12, "mode": "online", "setting": "a ward",
}  # fmt: skip


def refused(**given_: Any) -> BriefError:
    with pytest.raises(BriefError) as caught:
        make_brief(bank(), FULL_BRIEF | given_)
    return caught.value


def test_a_brief_that_says_everything_assumes_nothing() -> None:
    brief = make_brief(bank(), FULL_BRIEF)
    assert brief == SessionBrief(
        stage=Stage.FULL, minutes=45, size=12, mode="online", setting="a ward", sector="health"
    )


def test_what_a_brief_leaves_out_is_assumed_and_named() -> None:
    brief = make_brief(bank(), {"stage": "full"})
    assert (brief.minutes, brief.size, brief.mode) == (60, 8, "room")
    assert (brief.setting, brief.sector) == (GENERAL_SETTING, "public-services")
    assert set(brief.assumed) == {"minutes", "size", "mode", "setting"}


def test_what_is_empty_counts_as_left_out() -> None:
    brief = make_brief(bank(), FULL_BRIEF | {"minutes": None, "mode": ""})
    assert set(brief.assumed) == {"minutes", "mode"}


def test_a_setting_that_tells_no_sector_has_its_sector_assumed() -> None:
    brief = make_brief(bank(), FULL_BRIEF | {"setting": "our place"})
    assert brief.sector == "public-services"
    assert brief.assumed == ("sector",)


def test_a_sector_that_is_given_is_not_guessed_over() -> None:
    brief = make_brief(bank(), FULL_BRIEF | {"setting": "a school", "sector": "health"})
    assert brief.sector == "health"


def test_a_team_can_tell_the_sector() -> None:
    brief = make_brief(bank(), FULL_BRIEF | {"setting": "our place", "team": "the ward nurses"})
    assert brief.sector == "health"


def test_without_a_stage_it_is_asked_for() -> None:
    with pytest.raises(BriefIncomplete) as caught:
        make_brief(bank(), {"minutes": 60})
    assert caught.value.message == "Which stage is the team in?"
    assert "exploration" in caught.value.remedy


def test_a_stage_in_the_words_of_another_framework_is_understood() -> None:
    assert make_brief(bank(), FULL_BRIEF | {"stage": "prepare"}).stage is Stage.INSTALLATION


@pytest.mark.parametrize("minutes", [3, 0, 19, -5])
def test_too_few_minutes_are_refused_with_the_shortest_session(minutes: int) -> None:
    error = refused(minutes=minutes)
    assert f"{minutes} minutes are too few" in error.message
    assert "20" in error.message


@pytest.mark.parametrize(("minutes", "shown"), [(241, "241 minutes"), (480, "8 hours")])
def test_too_many_minutes_are_refused_with_a_series_to_ask_for(minutes: int, shown: str) -> None:
    error = refused(minutes=minutes)
    assert error.message.startswith(f"{shown} are too long")
    assert "4 hours" in error.message
    assert "series" in error.remedy


@pytest.mark.parametrize("size", [1, 0, -2])
def test_a_session_for_nobody_or_one_is_refused(size: int) -> None:
    assert "2 people or more" in refused(size=size).message


@pytest.mark.parametrize(("size", "groups"), [(61, 2), (400, 7)])
def test_too_many_people_are_refused_with_the_groups_they_could_be(size: int, groups: int) -> None:
    error = refused(size=size)
    assert f"{size} people are too many" in error.message
    assert "60" in error.message
    assert f"in {groups} groups" in error.remedy


@pytest.mark.parametrize("minutes", [20, 240])
@pytest.mark.parametrize("size", [2, 60])
def test_the_limits_themselves_are_allowed(minutes: int, size: int) -> None:
    brief = make_brief(bank(), FULL_BRIEF | {"minutes": minutes, "size": size})
    assert (brief.minutes, brief.size) == (minutes, size)


def test_a_mode_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    error = refused(mode="by post")
    assert "mode" in error.message
    assert error.remedy == "Use one of: room, online, hybrid."


def test_a_sector_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    error = refused(sector="farming")
    assert "education, health, social-care, public-services" in error.remedy


def test_a_field_that_there_is_not_is_refused_by_its_name() -> None:
    assert "colour" in refused(colour="red").message


@pytest.mark.parametrize("field", ["minutes", "size"])
def test_a_number_that_is_none_is_refused_as_a_brief_is(field: str) -> None:
    assert field in refused(**{field: "many"}).message


@pytest.mark.parametrize(
    ("setting", "sector"),
    [
        ("primary school", "education"),
        ("a day nursery", "education"),
        ("college", "education"),
        ("hospital ward", "health"),
        ("GP practice", "health"),
        ("maternity unit", "health"),
        ("hospice", "health"),
        ("care home", "social-care"),
        ("nursing home", "social-care"),
        ("children's home", "social-care"),
        ("family support service", "social-care"),
        ("council housing team", "public-services"),
        ("prison library", "public-services"),
        ("police station", "public-services"),
        ("our place", None),
        ("", None),
        ("forwards and backwards", None),
    ],
)
def test_the_sector_is_told_by_the_words_of_a_setting(setting: str, sector: str | None) -> None:
    assert sector_of(bank(), setting) == sector


@given(
    minutes=st.integers(-10, 500), size=st.integers(-5, 500),
    setting=st.text(max_size=20), stage=st.sampled_from([*Stage, "prepare", "nonsense", ""]),
)  # fmt: skip
def test_a_brief_is_made_or_refused_and_nothing_else(
    minutes: int, size: int, setting: str, stage: str
) -> None:
    known = {"minutes": minutes, "size": size, "setting": setting, "stage": stage}
    made = outcome(lambda: make_brief(bank(), known))
    if isinstance(made, AssistantError):
        assert made.message.endswith(("?", "."))
        assert made.remedy
    else:
        assert 20 <= minutes <= 240
        assert 2 <= size <= 60
        assert (made.minutes, made.size) == (minutes, size)
