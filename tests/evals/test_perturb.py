"""Rewrites of questions: by hand, and what must be true of any question."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.perturb import (
    acronym,
    expansions,
    mistyped,
    shouted,
    small_letters,
    without_question_mark,
)

QUESTION = "Which programme fits 2026 classrooms with CFIR?"


def changed_words(question: str, rewritten: str) -> list[tuple[str, str]]:
    pairs = zip(question.split(" "), rewritten.split(" "), strict=True)
    return [(old, new) for old, new in pairs if old != new]


@given(st.integers())
def test_a_slip_is_in_one_or_two_long_words(seed: int) -> None:
    rewritten = mistyped(QUESTION, seed)
    assert rewritten is not None
    changed = changed_words(QUESTION, rewritten)
    assert 1 <= len(changed) <= 2
    assert {old for old, _ in changed} <= {"programme", "classrooms"}
    for old, new in changed:
        assert new[0] == old[0]
        assert sorted(new) == sorted(old) or len(new) == len(old) - 1


@given(st.text(), st.integers(0, 9))
def test_a_slip_changes_no_number_and_is_the_same_again(question: str, seed: int) -> None:
    rewritten = mistyped(question, seed)
    assert rewritten == mistyped(question, seed)
    assert rewritten != question
    if rewritten is not None:
        assert re.findall(r"\d", rewritten) == re.findall(r"\d", question)
        assert len(question) - 2 <= len(rewritten) <= len(question)


def test_other_seeds_give_other_slips() -> None:
    assert len({mistyped(QUESTION, seed) for seed in range(20)}) > 5


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who is it for?",
        "NASSSS?",
        "TIDieRR?",
        "D4DS-like 2026?",
        "shouldn't",
        "evidence-based",
        "abc123defghi",
    ],
)
def test_what_cannot_be_mistyped_stays(question: str) -> None:
    assert mistyped(question, 1) is None


@pytest.mark.parametrize(
    ("question", "rewritten"),
    [
        (
            "What is the CFIR for?",
            "What is the Consolidated Framework for Implementation Research for?",
        ),
        ("Do we need RCTs?", "Do we need randomised controlled trials?"),
        ("What is normalisation process theory?", "What is NPT?"),
        ("Are Randomised Controlled Trials right?", "Are RCTs right?"),
        (
            "EEF or NIRN?",
            "Education Endowment Foundation or National Implementation Research Network?",
        ),
    ],
)
def test_acronyms_are_written_out_or_put_in(question: str, rewritten: str) -> None:
    assert acronym(question) == rewritten


@pytest.mark.parametrize(
    "question",
    [
        "What is fidelity?",
        "What is our aim?",
        "Is the National Implementation Research Network (NIRN) a guide?",
        "What is ICS?",
        "What are RE-AIM and the SLT-plan?",
    ],
)
def test_where_there_is_no_acronym_nothing_is_written(question: str) -> None:
    assert acronym(question) is None


def test_an_acronym_stands_for_what_its_letters_begin() -> None:
    found = expansions()
    assert found["SLT"] == "senior leadership team"
    assert found["D4DS"] == "designing for dissemination and sustainment"
    assert found["ToT"] == "train-the-trainer"
    # plain words, two meanings, other letters, a list
    assert not {"CPD", "ICS", "FRAME", "RE-AIM"} & set(found)
    assert len(found) > 40


def test_writing_out_and_putting_in_are_the_reverse_of_each_other() -> None:
    for name in expansions():
        question = f"How do we use {name} here?"
        written = acronym(question)
        assert written is not None
        assert acronym(written) == question


def test_capitals_and_the_question_mark() -> None:
    assert shouted("What is NIRN?") == "WHAT IS NIRN?"
    assert shouted("NIRN?") is None
    assert small_letters("What is NIRN?") == "what is nirn?"
    assert small_letters("what?") is None
    assert without_question_mark("What is it?") == "What is it"
    assert without_question_mark("What is it ?? ") == "What is it"
    assert without_question_mark("Tell me.") is None
    assert without_question_mark("?") is None
