"""Each fault that lint finds, with an example of it."""

from typing import Any

import pytest

from assistant.app import Assistant
from evals.__main__ import DATASETS
from evals.cases import Case, Evidence, Match, Nugget, read_dataset
from evals.lint import lint_cases
from tests.evals.make import TEXTS, make_case, make_nugget, make_trap


def _gold(quote: str, document_id: str = "guide") -> tuple[Evidence, ...]:
    return (Evidence(document_id=document_id, quote=quote),)


def _faults(**fields: Any) -> list[str]:
    return lint_cases([make_case(**fields), make_trap()], TEXTS)


def test_a_sound_dataset_has_no_fault() -> None:
    assert lint_cases([make_case(), make_trap()], TEXTS) == []
    assert lint_cases([], TEXTS) == []


def test_white_space_in_a_quote_makes_no_difference() -> None:
    assert _faults(gold=_gold("Keep the\n  core as it is.  Four")) == []


@pytest.mark.parametrize(("case", "only"), [(make_case(), ""), (make_trap(), "un")])
def test_a_dataset_of_one_kind_is_a_fault(case: Case, only: str) -> None:
    kind = f"{only}answerable"
    assert lint_cases([case], TEXTS) == [
        f"all cases are {kind}: a product that treats all questions alike would be perfect"
    ]


def test_a_question_asked_twice_is_a_fault_however_it_is_typed() -> None:
    cases = [
        make_case("a", question="Are 2 coaches – enough?"),
        make_trap("b", question="are TWO  coaches - enough?"),
        make_trap("c", question="Are two coaches — enough?"),
    ]
    assert lint_cases(cases, TEXTS) == ["asked 3 times: are 2 coaches - enough?"]


def test_the_same_words_after_another_question_are_another_question() -> None:
    cases = [
        make_case("a", question="Why?", history=("Keep the core?",)),
        make_trap("b", question="Why?", history=("Rain?",)),
    ]
    assert lint_cases(cases, TEXTS) == []


def test_gold_from_a_document_that_is_not_there_is_a_fault() -> None:
    assert _faults(gold=_gold("Keep the core", "gone")) == [
        "core: gold: no document 'gone' in the index"
    ]


@pytest.mark.parametrize("quote", ["keep the core", "Keep a core", "Context matters."])
def test_gold_that_is_not_in_its_document_is_a_fault(quote: str) -> None:
    assert _faults(gold=_gold(quote)) == [f"core: gold: not in guide: {quote!r}"]


def test_a_long_quote_is_cut_in_the_message() -> None:
    assert _faults(gold=_gold("x" * 61)) == [f"core: gold: not in guide: '{'x' * 60}'"]


def test_every_piece_of_gold_is_looked_at() -> None:
    assert _faults(gold=_gold("Keep") + _gold("Never") + _gold("Rain")) == [
        "core: gold: not in guide: 'Never'",
        "core: gold: not in guide: 'Rain'",
    ]


def test_evidence_that_is_not_in_its_document_is_a_fault() -> None:
    wrong = make_nugget("keep", "core", quote="Drop the core.")
    assert _faults(nuggets=(wrong,)) == ["core: nugget keep: not in guide: 'Drop the core.'"]


def _nugget(text: str, match: Match, *quotes: str) -> Nugget:
    evidence = tuple(Evidence(document_id="guide", quote=quote) for quote in quotes)
    return Nugget(id="n", text=text, importance="okay", match=match, evidence=evidence)


def test_a_nugget_that_fails_its_own_match_is_a_fault() -> None:
    nugget = _nugget("Mentors visit.", Match(all_of=("coach",)), "Four coaches visit")
    assert _faults(nuggets=(nugget,)) == ["core: nugget n: its own text does not satisfy its match"]


def test_evidence_that_fails_the_match_is_a_fault() -> None:
    nugget = _nugget("Four coaches visit.", Match(numbers=("4",)), "Keep the core as it is.")
    assert _faults(nuggets=(nugget,)) == ["core: nugget n: its evidence does not satisfy its match"]


def test_evidence_may_satisfy_the_match_together() -> None:
    match = Match(all_of=("core", "coach"))
    nugget = _nugget("Core and coaches.", match, "Keep the core", "coaches visit")
    assert _faults(nuggets=(nugget,)) == []


def test_faults_come_suite_first_and_then_by_case() -> None:
    wrong = _nugget("Nothing.", Match(all_of=("rain",)), "Keep the core")
    cases = [make_case("a", nuggets=(wrong,)), make_case("b", gold=_gold("Rain"))]
    assert lint_cases(cases, TEXTS) == [
        "all cases are answerable: a product that treats all questions alike would be perfect",
        "a: nugget n: its own text does not satisfy its match",
        "a: nugget n: its evidence does not satisfy its match",
        "b: gold: not in guide: 'Rain'",
    ]


def test_the_shipped_datasets_have_no_fault(library: Assistant) -> None:
    files = sorted(DATASETS.glob("*.yaml"))
    assert [file.name for file in files] != []
    assert lint_cases([c for file in files for c in read_dataset(file)], library.documents()) == []
