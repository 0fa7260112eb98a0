"""Each fault that lint finds, with an example of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evals
from assistant.app import Assistant
from evals.cases import Case, Evidence, Match, Nugget, read_dataset
from evals.lint import lint_cases
from tests.evals.make import TEXTS, make_case, make_nugget, make_trap

DATASETS = Path(evals.__file__).parent / "datasets"
LONG = "Who should sit on the team that looks after our reading programme?"  # 12 words


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
    assert lint_cases(cases, TEXTS) == [
        "asked 3 times: are 2 coaches - enough?",
        "b: unanswerable here, answerable in a",
        "c: unanswerable here, answerable in a",
    ]


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


def test_a_question_of_the_other_split_is_a_fault() -> None:
    cases = [make_case("a", question=LONG), make_case("b", question=LONG, split="test")]
    assert "b: asked in the other split too: a" in lint_cases([*cases, make_trap()], TEXTS)


@pytest.mark.parametrize(
    ("wording", "leaks"),
    [
        (
            "Who, then, should sit on the team that looks after our reading programme?",
            True,
        ),  # 12/13
        ("who should sit on the team that looks after OUR programme of reading", True),  # 12/13
        ("Who should sit on the team for our reading programme?", False),  # 9 of 13 words
        ("Where do we begin?", False),
    ],
)
def test_a_near_duplicate_in_the_other_split_is_a_fault(wording: str, leaks: bool) -> None:
    cases = [make_case("a", question=LONG), make_case("b", question=wording, split="test")]
    faults = lint_cases([*cases, make_trap()], TEXTS)
    assert faults == (["b: asked in the other split too: a"] if leaks else [])


def test_eight_words_of_ten_are_enough_to_be_alike_and_seven_are_not() -> None:
    for same, leaks in ((8, True), (7, False)):
        other = " ".join(f"w{n}" for n in range(same))
        cases = [
            make_case("a", question=" ".join(f"w{n}" for n in range(10))),
            make_case("b", question=other, split="test"),
        ]
        assert bool(lint_cases([*cases, make_trap()], TEXTS)) is leaks


def test_a_paraphrase_that_the_other_split_asks_is_a_fault() -> None:
    cases = [
        make_case("a", question="Team?", paraphrases=(LONG,)),
        make_case("b", question=LONG, split="test"),
    ]
    assert lint_cases([*cases, make_trap()], TEXTS) == ["b: asked in the other split too: a"]


def test_what_was_asked_before_tells_short_questions_apart() -> None:
    cases = [
        make_case("a", question="And here?", history=("How long does coaching last?",)),
        make_case("b", question="And here?", history=("Who pays for data?",), split="test"),
    ]
    assert lint_cases([*cases, make_trap()], TEXTS) == []


def test_questions_without_a_word_are_not_alike() -> None:
    cases = [make_case("a", question="?"), make_case("b", question="!", split="test")]
    assert lint_cases([*cases, make_trap()], TEXTS) == []


def test_a_question_that_is_answerable_elsewhere_is_a_fault() -> None:
    cases = [make_trap("a", question=LONG), make_case("b", question=f"So {LONG}")]
    assert lint_cases(cases, TEXTS) == ["b: answerable here, unanswerable in a"]


def test_other_documents_may_leave_the_same_question_without_an_answer() -> None:
    cases = [make_case("a", question=LONG), make_trap("b", question=f"So {LONG}", tags=("alone",))]
    assert lint_cases(cases, TEXTS) == []


def test_a_paraphrase_that_repeats_its_question_is_a_fault() -> None:
    assert _faults(question="Keep the core?", paraphrases=("keep  the CORE", "Which core?")) == [
        "core: a paraphrase is the question itself: 'keep  the CORE'"
    ]


VISITS = "Four coaches visit every 2 weeks."


def test_a_changed_number_that_the_match_does_not_see_is_a_fault() -> None:
    nugget = _nugget(VISITS, Match(numbers=("4",)), VISITS)
    assert _faults(nuggets=(nugget,)) == [
        "core: nugget n: its match holds when 2 is changed in its text"
    ]


@pytest.mark.parametrize(
    "match",
    [
        Match(numbers=("4", "2")),
        Match(numbers=("4",), all_of=("2 weeks",)),
        Match(all_of=("coaches",)),  # lists no numbers, so it is not about them
    ],
)
def test_a_match_that_sees_each_number_is_no_fault(match: Match) -> None:
    assert _faults(nuggets=(_nugget(VISITS, match, VISITS),)) == []


def test_a_year_and_the_word_one_may_change() -> None:
    text = "In 2018 one review had four coaches and 0.49."
    nugget = _nugget(text, Match(numbers=("4",)), "Four coaches visit")
    assert _faults(nuggets=(nugget,)) == [
        "core: nugget n: its match holds when 0.49 is changed in its text"
    ]


@given(st.integers(min_value=3, max_value=1800))
def test_a_nugget_of_one_listed_number_is_always_sound(number: int) -> None:
    texts = {"guide": ("sha", f"There are {number} schools.")}
    nugget = _nugget(f"There are {number} schools.", Match(numbers=(str(number),)), str(number))
    gold = (Evidence(document_id="guide", quote="schools"),)
    assert lint_cases([make_case(nuggets=(nugget,), gold=gold), make_trap()], texts) == []


def test_a_fault_begins_with_the_place_of_its_case() -> None:
    wrong = make_case("a", question=LONG, gold=_gold("Rain")).at("x.yaml:3")
    leak = make_case("b", question=LONG, split="test").at("y.yaml:7")
    assert lint_cases([wrong, leak, make_trap()], TEXTS) == [
        f"y.yaml:7: asked 2 times: {LONG.casefold()}",
        "y.yaml:7: b: asked in the other split too: a",
        "x.yaml:3: a: gold: not in guide: 'Rain'",
    ]


def test_the_shipped_datasets_have_no_fault(library: Assistant) -> None:
    files = sorted(DATASETS.glob("*.yaml"))
    assert [file.name for file in files] != []
    assert lint_cases([c for file in files for c in read_dataset(file)], library.documents()) == []
