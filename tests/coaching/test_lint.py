"""The rules that coaching data are held to: each is broken once, and named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.coaching.bank import Bank
from assistant.coaching.lint import faults_of_bank
from assistant.records import Stage
from tests.coaching.coached import bank

NOTES = frozenset(name for data in bank().stages.values() for name in data.pre_read)


def faults(data: Bank, notes: frozenset[str] = NOTES) -> list[str]:
    return [f"{where}: {what}" for where, what in faults_of_bank(data, notes)]


def with_prompt(**changes: Any) -> Bank:
    first, *others = bank().prompts
    return replace(bank(), prompts=(first.model_copy(update=changes), *others))


def with_activity(**changes: Any) -> Bank:
    first, *others = bank().activities
    return replace(bank(), activities=(first.model_copy(update=changes), *others))


def without(keep: Callable[[Any], bool], field: str) -> Bank:
    kept: dict[str, Any] = {field: tuple(filter(keep, getattr(bank(), field)))}
    return replace(bank(), **kept)


def test_the_shipped_data_break_no_rule() -> None:
    assert faults(bank()) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Is it needed?", "no open question"), ("Tell us about it.", "no open question"),
        ("What is needed", "no open question"),
        ("If it fails, why did you choose it?", "the prompt blames"),
        ("What " + "very " * 25 + "good?", "more than 25 words"),
    ],
)  # fmt: skip
def test_a_prompt_that_closes_blames_or_rambles_is_named(text: str, fault: str) -> None:
    assert any(fault in one and text in one for one in faults(with_prompt(text=text)))


def test_a_prompt_on_a_topic_that_names_none_is_named() -> None:
    assert any("names none" in one for one in faults(with_prompt(about="topic", topics=())))


@pytest.mark.parametrize(
    "objective", ["to agree on a need", "agreed a need.", "", "2 needs agreed"]
)
def test_an_objective_that_does_not_complete_the_sentence_is_named(objective: str) -> None:
    told = faults(with_activity(objective=objective))
    assert any(one.startswith(bank().activities[0].id) for one in told)


def test_too_few_activities_are_named() -> None:
    few = replace(bank(), activities=bank().activities[:20])
    assert "activities: 20 of at least 25" in faults(few)


@pytest.mark.parametrize("about", ["stage", "equity", "failure"])
def test_a_stage_without_its_prompts_is_named(about: str) -> None:
    told = faults(without(lambda one: one.about != about, "prompts"))
    assert all(any(one.startswith(f"{stage}: 0 prompts") for one in told) for stage in Stage)


def test_a_stage_that_no_activity_is_for_is_named_with_the_group() -> None:
    told = faults(without(lambda one: Stage.SCALING not in one.stages, "activities"))
    assert "scaling: no activities for 2 people, room, 20 minutes" in told


def test_what_is_read_beforehand_and_is_not_in_the_library_is_named() -> None:
    gone = bank().stages[Stage.FULL].pre_read[0]
    assert f"full: no note {gone!r} to read before" in faults(bank(), NOTES - {gone})


@pytest.mark.parametrize("line", ["$leader decides.", "Ask a $people first."])
def test_a_line_that_reads_badly_is_named(line: str) -> None:
    sectors = {
        name: words.model_copy(update={"people": "inmates"})
        for name, words in bank().sectors.items()
    }
    told = faults(replace(with_activity(aim=line), sectors=sectors))
    assert any(line in one for one in told)
