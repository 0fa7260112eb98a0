"""What the shipped datasets hold together, as far as they are asked of the shipped library."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

import evals
from assistant.resources import shipped_corpus
from evals.cases import Case, UnanswerableClass, asked_of, read_dataset

DATASETS = Path(evals.__file__).parent / "datasets"
TOPICS = (
    "stages", "context", "adaptation", "scaling", "teams", "data", "fidelity", "sustainment",
    "leadership", "equity",
)  # fmt: skip


@pytest.fixture(scope="module")
def notes() -> frozenset[str]:
    """The ids of the notes, which are the names of their files."""
    return frozenset(path.stem for path in (shipped_corpus() / "notes").rglob("*.md"))


@pytest.fixture(scope="module")
def cases(notes: frozenset[str]) -> list[Case]:
    shipped = [case for file in sorted(DATASETS.glob("*.yaml")) for case in read_dataset(file)]
    return asked_of(shipped, notes)


def _tagged(cases: list[Case], tag: str) -> list[Case]:
    return [case for case in cases if tag in case.tags]


def test_an_id_is_used_by_one_case_only(cases: list[Case]) -> None:
    assert [name for name, n in Counter(case.id for case in cases).items() if n > 1] == []


def test_the_library_is_asked_two_hundred_cases_of_both_splits(cases: list[Case]) -> None:
    splits = Counter(case.split for case in cases)
    assert splits.total() >= 200
    assert min(splits["dev"], splits["test"]) >= 75


def test_there_are_questions_without_an_answer_of_every_class(cases: list[Case]) -> None:
    classes = Counter(case.unanswerable_class for case in cases if not case.answerable)
    assert classes.total() >= 50
    assert set(classes) == set(get_args(UnanswerableClass))


def test_questions_that_lean_on_earlier_ones_are_asked(cases: list[Case]) -> None:
    assert sum(bool(case.history) for case in cases) >= 15


def test_comparisons_need_two_documents(cases: list[Case]) -> None:
    of_two = [
        case
        for case in _tagged(cases, "comparison")
        if len({gold.document_id for gold in case.gold if gold.grade == 3}) > 1
    ]
    assert len(of_two) >= 15
    assert {case.split for case in of_two} == {"dev", "test"}


def test_traps_are_set_in_both_splits(cases: list[Case]) -> None:
    traps = _tagged(cases, "trap")
    assert len(traps) >= 15
    assert {case.split for case in traps} == {"dev", "test"}
    assert sum(bool(case.must_not_say) for case in traps) >= 8


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_has_ten_cases_that_have_an_answer(cases: list[Case], topic: str) -> None:
    assert sum(case.answerable for case in _tagged(cases, topic)) >= 10


def test_every_answer_has_evidence_in_the_library(cases: list[Case], notes: frozenset[str]) -> None:
    for case in cases:
        if case.answerable:
            assert case.gold, case.id
            assert {gold.document_id for gold in case.gold} <= notes, case.id
            for nugget in case.nuggets:
                assert {one.document_id for one in nugget.evidence} <= notes, case.id
