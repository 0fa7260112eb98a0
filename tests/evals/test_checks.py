"""The checks of many answers, against an assistant whose answers are written down."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from assistant.answering.watch import Watch
from assistant.errors import DocumentNotFound
from assistant.records import Answer, Claim
from evals import checks
from evals.cases import Case
from evals.checks import alike
from evals.results import CheckResult
from tests.evals.make import (
    ScriptedAssistant,
    make_answer,
    make_case,
    make_citation,
    make_nugget,
    make_trap,
)

Script = Callable[[str, Sequence[str], Sequence[str]], Answer]

CORE = "Keep the core as it is."
COACHES = "Four coaches visit every 2 weeks."


class Narrowed(ScriptedAssistant):
    """Gives the answer that is written for a question and the documents that may be used."""

    def __init__(self, script: Script) -> None:
        super().__init__(lambda question: script(question, (), ()))
        self._narrowed = script
        self.narrowed: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        self.narrowed.append((tuple(only), tuple(without)))
        return self._narrowed(question, only, without)


def from_guide(text: str = CORE) -> Answer:
    """An answer that quotes the guide."""
    return make_answer(
        f"{text} [1]",
        [make_citation(text)],
        [Claim(text=text, support="verbatim", citations=(1,))],
    )


def from_other() -> Answer:
    """An answer that quotes the other document, on something else."""
    text = "Context matters."
    return make_answer(
        f"{text} [1]",
        [make_citation(text, document_id="other")],
        [Claim(text=text, support="verbatim", citations=(1,))],
    )


def declined() -> Answer:
    return make_answer("", nearest=())


Check = Callable[
    [ScriptedAssistant, Sequence[Case], Mapping[str, Answer], Callable[[int], None]], CheckResult
]


def result_of(
    check: Check, script: Script, answer: Answer, case: Case | None = None
) -> tuple[CheckResult, Narrowed]:
    """What a check makes of one case that was answered so, and the assistant that it asked."""
    assistant = Narrowed(script)
    case = case or make_case()
    steps: list[int] = []
    result = check(assistant, [case], {case.id: answer}, steps.append)
    assert steps == [1]
    return result, assistant


ALL: list[Check] = [
    checks.same_when_mistyped,
    checks.same_when_careless,
    checks.same_in_other_words,
    checks.same_with_acronym,
    checks.declines_without_evidence,
    checks.repeats,
    checks.holds_from_cited_alone,
    checks.changes_without_cited,
    checks.same_with_an_irrelevant_document,
]


@pytest.mark.parametrize("check", ALL)
def test_a_case_that_has_no_answer_is_broken(check: Check) -> None:
    assistant = Narrowed(lambda *_: from_guide())
    result = check(assistant, [make_case()], {}, lambda _: None)
    assert (result.measured, result.held) == (1, 0)
    assert result.broken == ("core: no answer to compare with",)
    assert assistant.asked == []


@pytest.mark.parametrize("check", ALL)
def test_a_question_that_cannot_be_asked_is_broken_with_the_reason(check: Check) -> None:
    def fails(*_: object) -> Answer:
        raise DocumentNotFound("There is no document x.", "Name another.")

    case = make_case(
        question="Which coaching belongs to CFIR?", paraphrases=("What about coaching?",)
    )
    result, _ = result_of(check, fails, from_guide(), case)
    assert result.held == 0 < result.measured == len(result.broken)
    assert all("There is no document x. Name another." in line for line in result.broken)


@pytest.mark.parametrize("check", ALL)
def test_without_cases_nothing_is_measured(check: Check) -> None:
    result = check(Narrowed(lambda *_: from_guide()), [], {}, lambda _: None)
    assert (result.measured, result.held, result.broken) == (0, 0, ())
    assert result.passed is (result.bound is None)


def test_the_checks_have_different_names() -> None:
    results = [check(Narrowed(lambda *_: declined()), [], {}, lambda _: None) for check in ALL]
    assert len({result.name for result in results}) == len(ALL)
    assert {result.name: result.bound for result in results if result.bound is not None} == {
        "same_when_careless": checks.CARELESS,
        "repeats": 1.0,
        "changes_without_cited": 1.0,
    }


# --- alike


def test_answers_are_alike_if_a_document_is_cited_by_both() -> None:
    both = make_answer(
        "x", [make_citation("Context matters.", document_id="other"), make_citation(CORE, 2)]
    )
    assert alike(from_guide(), both) == ""
    assert alike(both, from_guide(COACHES)) == ""
    assert alike(from_guide(), from_other()) == "cites other"


def test_a_document_cited_fourth_does_not_make_them_alike() -> None:
    names = ["a", "b", "c", "guide"]
    citations = [
        make_citation(CORE, number).model_copy(update={"document_id": name})
        for number, name in enumerate(names, 1)
    ]
    assert alike(from_guide(), make_answer("x", citations)) == "cites a, b, c"
    assert (
        alike(from_guide(), make_answer("x", [citations[3].model_copy(update={"number": 1})])) == ""
    )


def test_another_outcome_is_not_alike_and_two_declines_are() -> None:
    assert alike(from_guide(), declined()) == "declined, was answered"
    assert alike(declined(), from_guide()) == "answered, was declined"
    assert alike(declined(), declined()) == ""


def test_an_answer_without_citations_is_alike_to_none() -> None:
    assert alike(from_guide(), make_answer("x")) == "cites nothing"


# --- the same question otherwise


def test_the_mistyped_question_is_asked_with_its_history() -> None:
    case = make_case(question="Which programme fits?", history=("What is fidelity?",))
    result, assistant = result_of(
        checks.same_when_mistyped, lambda *_: from_guide(), from_guide(), case
    )
    assert (result.measured, result.held, result.bound) == (1, 1, None)
    [(question, history)] = assistant.asked
    assert question != case.question
    assert history == case.history


def test_a_question_of_short_words_cannot_be_mistyped() -> None:
    case = make_case(question="Who is it for?")
    result, assistant = result_of(
        checks.same_when_mistyped, lambda *_: from_guide(), from_guide(), case
    )
    assert (result.measured, assistant.asked) == (0, [])


def test_a_mistyped_question_that_is_declined_is_broken() -> None:
    result, _ = result_of(
        checks.same_when_mistyped,
        lambda *_: declined(),
        from_guide(),
        make_case(question="Which programme fits?"),
    )
    assert result.broken == ("core (mistyped): declined, was answered",)


def test_capitals_small_letters_and_question_mark_are_asked_one_by_one() -> None:
    result, assistant = result_of(
        checks.same_when_careless,
        lambda question, *_: from_other() if question.isupper() else from_guide(),
        from_guide(),
    )
    assert [question for question, _ in assistant.asked] == [
        "WHAT ABOUT CORE?",
        "what about core?",
        "What about core",
    ]
    assert (result.measured, result.held) == (3, 2)
    assert result.broken == ("core (capitals): cites other",)
    assert not result.passed


def test_each_paraphrase_counts() -> None:
    case = make_case(paraphrases=("What of it?", "Keep what?"))
    result, _ = result_of(
        checks.same_in_other_words,
        lambda question, *_: from_guide() if question == "Keep what?" else from_other(),
        from_guide(),
        case,
    )
    assert (result.measured, result.held) == (2, 1)
    assert result.broken == ("core (paraphrase 1): cites other",)


def test_an_acronym_is_written_out() -> None:
    result, assistant = result_of(
        checks.same_with_acronym,
        lambda *_: from_guide(),
        from_guide(),
        make_case(question="What is in the CFIR?"),
    )
    assert (result.measured, result.held) == (1, 1)
    assert (
        assistant.asked[0][0]
        == "What is in the Consolidated Framework for Implementation Research?"
    )


# --- without the evidence


def test_what_holds_the_answer_is_taken_away() -> None:
    case = make_case()
    answer = from_other()
    result, assistant = result_of(
        checks.declines_without_evidence, lambda *_: declined(), answer, case
    )
    assert assistant.narrowed == [((), ("guide", "other"))]
    assert (result.measured, result.held) == (1, 1)


def test_a_vital_fact_without_its_evidence_is_broken() -> None:
    nuggets = (make_nugget("keep-core", "core"), make_nugget("visits", "visit"))
    result, _ = result_of(
        checks.declines_without_evidence,
        lambda *_: from_guide(),
        from_guide(),
        make_case(nuggets=nuggets),
    )
    assert result.broken == ("core: answered, with 50% of the vital facts",)


def test_another_answer_without_a_vital_fact_is_no_fault() -> None:
    result, _ = result_of(checks.declines_without_evidence, lambda *_: from_other(), from_guide())
    assert (result.measured, result.held) == (1, 1)


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (make_case(), declined()),
        (make_trap(), from_guide()),
        (make_case(nuggets=(make_nugget("keep-core", "core", "okay"),)), from_guide()),
    ],
)
def test_without_an_answer_or_a_vital_fact_nothing_is_measured(case: Case, answer: Answer) -> None:
    result, assistant = result_of(
        checks.declines_without_evidence, lambda *_: from_guide(), answer, case
    )
    assert (result.measured, assistant.asked) == (0, [])


# --- repeats


def test_an_equal_answer_repeats_whatever_its_id() -> None:
    again = from_guide().model_copy(update={"id": "another"})
    result, assistant = result_of(checks.repeats, lambda *_: again, from_guide())
    assert (result.measured, result.held, result.passed) == (1, 1, True)
    assert assistant.asked == [("What about core?", ())]


def test_what_differs_in_a_repeated_answer_is_named() -> None:
    again = from_guide().model_copy(update={"confidence": 0.6, "notices": ("new",)})
    result, _ = result_of(checks.repeats, lambda *_: again, from_guide())
    assert result.broken == ("core: other confidence, notices",)
    assert not result.passed


# --- ablations


def test_an_answer_that_holds_from_its_documents_alone() -> None:
    result, assistant = result_of(
        checks.holds_from_cited_alone, lambda *_: from_guide(), from_guide()
    )
    assert assistant.narrowed == [(("guide",), ())]
    assert (result.measured, result.held) == (1, 1)


@pytest.mark.parametrize(
    ("again", "fault"),
    [
        (declined(), "core: declined, was answered"),
        (from_guide(COACHES), "core: vital facts 100%, then 0%"),
    ],
)
def test_an_answer_that_does_not_hold_from_its_documents(again: Answer, fault: str) -> None:
    result, _ = result_of(checks.holds_from_cited_alone, lambda *_: again, from_guide())
    assert result.broken == (fault,)


def test_a_trap_that_was_answered_is_measured_by_its_outcome() -> None:
    result, _ = result_of(
        checks.holds_from_cited_alone, lambda *_: from_other(), from_guide(), make_trap()
    )
    assert (result.measured, result.held) == (1, 1)


def test_claims_go_with_their_documents() -> None:
    result, assistant = result_of(
        checks.changes_without_cited, lambda *_: from_other(), from_guide()
    )
    assert assistant.narrowed == [((), ("guide",))]
    assert (result.measured, result.held) == (1, 1)


def test_claims_that_stay_without_their_documents_are_broken() -> None:
    result, _ = result_of(checks.changes_without_cited, lambda *_: from_guide(), from_guide())
    assert result.broken == ("core: the same claims",)


@pytest.mark.parametrize("check", [checks.holds_from_cited_alone, checks.changes_without_cited])
def test_a_declined_answer_cannot_be_taken_apart(check: Check) -> None:
    result, assistant = result_of(check, lambda *_: declined(), declined())
    assert (result.measured, assistant.asked) == (0, [])


# --- a document more


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        (from_guide(), from_guide(), ()),
        (declined(), declined(), ()),
        (from_guide(), from_guide(COACHES), ("core: other citations",)),
        (from_guide(), declined(), ("core: declined, was answered",)),
    ],
)
def test_answers_of_two_indexes_are_compared(
    before: Answer, after: Answer, broken: tuple[str, ...]
) -> None:
    result, _ = result_of(checks.same_with_an_irrelevant_document, lambda *_: after, before)
    assert result.measured == 1
    assert result.broken == broken


def test_a_suggested_question_that_leads_nowhere_is_broken() -> None:
    def script(question: str, only: Sequence[str], without: Sequence[str]) -> Answer:
        return from_guide() if question == "And then?" else declined()

    answer = from_guide().model_copy(update={"follow_ups": ("And then?", "Who pays?")})
    result, assistant = result_of(checks.follow_ups_are_answered, script, answer)
    assert [question for question, _ in assistant.asked] == ["And then?", "Who pays?"]
    assert (result.held, result.measured) == (1, 2)
    assert result.broken == ("core (next): declined",)
