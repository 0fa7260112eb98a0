"""The stages in the words of several frameworks, told from ordinary words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching.stages import (
    is_only_a_stage,
    stage_named,
    stages_in,
    which_stages,
)
from assistant.errors import BriefError
from assistant.records import Stage
from tests.coaching.coached import bank

EXPLORATION, INSTALLATION, INITIAL, FULL, SCALING, SUSTAINMENT = Stage


def said(text: str) -> list[tuple[Stage, bool]]:
    return [(one.stage, one.named) for one in stages_in(bank(), text)]


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("exploration", EXPLORATION), ("Installation", INSTALLATION),
        ("INITIAL IMPLEMENTATION", INITIAL), ("full implementation", FULL), ("scaling", SCALING),
        ("sustainment", SUSTAINMENT), ("preparation", INSTALLATION), ("implementation", INITIAL),
        ("explore", EXPLORATION), ("prepare", INSTALLATION), ("deliver", INITIAL),
        ("sustain", SUSTAINMENT), ("initial", INITIAL), ("full", FULL), ("scale", SCALING),
        ("the prepare phase", INSTALLATION), ("exploration stage", EXPLORATION),
        ("the full implementation stage", FULL), ("exploration.", EXPLORATION),
        ("  scale-up ", SCALING), ("de-implementation", SUSTAINMENT),
        ("preparation (EPIS)", INSTALLATION), ("EEF deliver", INITIAL),
    ],
)  # fmt: skip
def test_the_names_of_nirn_epis_and_the_eef_are_understood(name: str, stage: Stage) -> None:
    assert stage_named(bank(), name) is stage


@pytest.mark.parametrize("name", ["adoption", "stage 2", "usable innovation", "", "ready", "?!"])
def test_a_name_that_is_not_known_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(BriefError) as caught:
        stage_named(bank(), name)
    assert f"“{name}” is no stage" in caught.value.message
    assert caught.value.remedy == which_stages(bank())
    assert all(stage in caught.value.remedy for stage in Stage)
    assert "EPIS" in caught.value.remedy
    assert "EEF" in caught.value.remedy


@pytest.mark.parametrize("stage", list(Stage))
def test_each_name_belongs_to_one_stage_and_names_it(stage: Stage) -> None:
    for name in (*bank().stages[stage].names, bank().stages[stage].title):
        assert stage_named(bank(), name) is stage
        others = [one for one in bank().stages if one is not stage]
        assert not any(name.lower() in bank().stages[other].names for other in others)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("We are at exploration.", EXPLORATION), ("Installation, care home", INSTALLATION),
        ("we're in the initial implementation stage", INITIAL), ("full implementation", FULL),
        ("scaling, 20 people", SCALING), ("They are in sustainment", SUSTAINMENT),
        ("the exploration stage", EXPLORATION), ("at the installation stage", INSTALLATION),
        ("sustainment phase", SUSTAINMENT), ("they are at the initial stage", INITIAL),
        ("we are in the prepare phase", INSTALLATION), ("in the deliver stage", INITIAL),
        ("the sustain stage", SUSTAINMENT), ("explore phase", EXPLORATION),
        ("now at initial", INITIAL), ("Stage: initial", INITIAL),
        ("they have reached full implementation", FULL), ("at scale", SCALING),
        ("implementation phase", INITIAL),
    ],
)  # fmt: skip
def test_a_stage_that_is_called_by_its_name_is_named(text: str, stage: Stage) -> None:
    assert said(text) == [(stage, True)]


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("They have just started.", INITIAL),
        ("We went live in May.", INITIAL),
        ("we are about to start", INSTALLATION),
        ("planning to start in June", INSTALLATION),
        ("everyone uses it", FULL),
        ("It is up and running.", FULL),
        ("the funding ends in June", SUSTAINMENT),
        ("We haven't decided yet.", EXPLORATION),
        ("rolling out to other wards", SCALING),
        ("it is business as usual now", FULL),
    ],
)
def test_words_that_only_point_to_a_stage_are_told_from_its_name(text: str, stage: Stage) -> None:
    assert (stage, False) in said(text)
    assert not any(named for _, named in said(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Prepare a session.",
        "Can you prepare us for it?",
        "our implementation team",
        "the implementation plan",
        "an implementation science workshop",
        "We deliver meals.",
        "Explore options with the team.",
        "a full day",
        "in full swing",
        "initial thoughts",
        "on a scale of one to five",
        "I need preparation time.",
        "at the start",
        "Sustain the energy in the room.",
        "install the blinds",
        "the spread of ideas",
        "full of energy",
        "the first full week",
        "a plan to deliver training",
    ],
)
def test_ordinary_words_are_no_stage(text: str) -> None:
    assert said(text) == []


def test_several_stages_come_in_the_order_of_the_text() -> None:
    assert said("from installation to initial implementation, then sustainment") == [
        (INSTALLATION, True), (INITIAL, True), (SUSTAINMENT, True),
    ]  # fmt: skip


def test_a_longer_name_is_not_read_as_the_shorter_one_in_it() -> None:
    assert said("full implementation") == [(FULL, True)]
    assert said("de-implementation stage") == [(SUSTAINMENT, True)]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("exploration", True),
        ("the exploration stage", True),
        ("Initial implementation", True),
        ("exploration of causes", False),
        ("", False),
        ("reading", False),
    ],
)
def test_a_text_that_is_nothing_but_a_stage_is_told(text: str, only: bool) -> None:
    assert is_only_a_stage(bank(), text) is only


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for one in stages_in(bank(), text):
        assert one.words.lower() in text.lower()
