"""What a run records of each case, and how it is summed up."""

import json
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.errors import QuestionError
from assistant.records import Answer
from evals.__main__ import DATASETS
from evals.cases import Case, read_dataset
from evals.metrics import METRICS_VERSION
from evals.run import CaseResult, Summary, as_table, run_cases, summarise, write_results
from tests.evals.make import (
    ScriptedAssistant,
    make_answer,
    make_case,
    make_citation,
    make_nugget,
    make_trap,
)

CASES = [
    make_case(
        "core",
        nuggets=(
            make_nugget("keep", "core"),
            make_nugget("coach", "coach"),
            make_nugget("half", "half of", importance="okay"),
        ),
        history=("Earlier?",),
        must_not_say=("drop",),
    ),
    make_case("late"),
    make_case("broken"),
    make_trap("weather"),
    make_trap("stocks", must_not_say=("buy",)),
    make_case("context", split="test"),
]


def _script(question: str) -> Answer:
    if "broken" in question:
        raise QuestionError("The question is empty.", "Type one.")
    if "late" in question:
        return make_answer("Nothing here.", confidence=0.2, nearest=())
    if "weather" in question:
        return make_answer("Not covered.", confidence=0.1, nearest=())
    if "stocks" in question:
        moved = make_citation("Keep the core").model_copy(update={"start": 3, "end": 16})
        return make_answer("Buy. [1]", [moved], confidence=0.2)
    if "context" in question:
        other = make_citation("Context", document_id="other")
        return make_answer("Core. [1]", [other], confidence=0.8)
    return make_answer("Core, half of. [1]", [make_citation("Keep the core")], confidence=0.9)


def _ran() -> list[CaseResult]:
    return run_cases(ScriptedAssistant(_script), CASES, lambda _: None)


def _result(name: str) -> CaseResult:
    return next(result for result in _ran() if result.id == name)


def test_every_case_is_asked_in_order_with_its_history() -> None:
    assistant, steps = ScriptedAssistant(_script), list[int]()
    results = run_cases(assistant, CASES, steps.append)
    assert [result.id for result in results] == [case.id for case in CASES]
    assert assistant.asked[:2] == [("What about core?", ("Earlier?",)), ("What about late?", ())]
    assert steps == [1] * len(CASES)


def test_an_answered_case_is_measured() -> None:
    assert _result("core") == CaseResult(
        id="core",
        split="dev",
        outcome="answered",
        outcome_right=True,
        confidence=0.9,
        vital_recall=0.5,
        nugget_recall=2 / 3,
        first_citation_right=True,
        gold_found=True,
        evidence_found=1.0,
        two_sources=None,
        follow_ups_answered=None,
        blame="composing",
        integrity_faults=(),
        forbidden=(),
        missed=("coach",),
        error=None,
    )


def test_suggested_questions_are_asked_in_turn() -> None:
    def script(question: str) -> Answer:
        if question == "stray?":
            return make_answer(nearest=())
        return make_answer("Core. [1]").model_copy(update={"follow_ups": ("near?", "stray?")})

    [result] = run_cases(ScriptedAssistant(script), [make_case()], lambda _: None)
    assert result.follow_ups_answered == 0.5


def test_a_trap_that_was_answered_is_measured() -> None:
    assert _result("stocks") == CaseResult(
        id="stocks",
        split="dev",
        outcome="answered",
        outcome_right=False,
        confidence=0.2,
        vital_recall=None,
        nugget_recall=None,
        first_citation_right=None,
        gold_found=None,
        evidence_found=None,
        two_sources=None,
        follow_ups_answered=None,
        blame="deciding",
        integrity_faults=("[1] is not the text of guide",),
        forbidden=("buy",),
        missed=(),
        error=None,
    )


def test_a_wrongly_declined_case_misses_everything() -> None:
    late = _result("late")
    assert (late.outcome, late.outcome_right, late.vital_recall) == ("declined", False, 0.0)
    assert late.missed == ("keep-core",)
    assert late.first_citation_right is None


def test_what_a_declined_answer_misses_agrees_with_its_recall() -> None:
    assistant = ScriptedAssistant(lambda _: make_answer("Nothing mentions: core.", nearest=()))
    [result] = run_cases(assistant, [make_case()], lambda _: None)
    assert result.vital_recall == 0.0
    assert result.missed == ("keep-core",)


def test_a_case_that_fails_is_an_error_and_no_zero() -> None:
    assert _result("broken") == CaseResult(
        id="broken",
        split="dev",
        outcome="error",
        outcome_right=False,
        confidence=None,
        vital_recall=None,
        nugget_recall=None,
        first_citation_right=None,
        gold_found=None,
        evidence_found=None,
        two_sources=None,
        follow_ups_answered=None,
        blame=None,
        integrity_faults=(),
        forbidden=(),
        missed=(),
        error="The question is empty. Type one.",
    )


DEV = Summary(
    split="dev",
    cases=5,
    vital_recall=(0.25, 2),  # core 1/2, late 0; broken is an error, the traps have no nuggets
    nugget_recall=(1 / 3, 2),  # core 2/3, late 0
    first_citation=(1.0, 1),  # core
    gold_found=(1.0, 2),  # core, late
    evidence_found=(1.0, 2),
    two_sources=(None, 0),
    follow_ups_answered=(None, 0),
    blame={"composing": 1, "deciding": 2},  # core; late and stocks
    answerable_answered=(0.5, 2),  # core yes, late no
    unanswerable_declined=(0.5, 2),  # weather yes, stocks no
    confidence_auroc=0.875,  # 0.9 and 0.2 against 0.1 and 0.2
    integrity_faults=1,
    forbidden=1,
    errors=1,
)
TEST = Summary(
    split="test",
    cases=1,
    vital_recall=(1.0, 1),
    nugget_recall=(1.0, 1),
    first_citation=(0.0, 1),
    gold_found=(1.0, 1),
    evidence_found=(1.0, 1),
    two_sources=(None, 0),
    follow_ups_answered=(None, 0),
    blame={},
    answerable_answered=(1.0, 1),
    unanswerable_declined=(None, 0),
    confidence_auroc=None,
    integrity_faults=0,
    forbidden=0,
    errors=0,
)


def test_a_split_is_summed_up_apart_from_the_other() -> None:
    results = _ran()
    assert summarise(CASES, results, "dev") == DEV
    assert summarise(CASES, results, "test") == TEST


def test_results_that_are_not_those_of_the_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        summarise(CASES, _ran()[:-1], "dev")


def test_the_table_shows_each_mean_with_its_number() -> None:
    rows = [" ".join(line.split()) for line in as_table([DEV, TEST]).splitlines()]
    assert rows == [
        "dev (5) test (1)",
        "vital recall 0.250 (n=2) 1.000 (n=1)",
        "nugget recall 0.333 (n=2) 1.000 (n=1)",
        "first citation 1.000 (n=1) 0.000 (n=1)",
        "note in first five 1.000 (n=2) 1.000 (n=1)",
        "evidence in first five 1.000 (n=2) 1.000 (n=1)",
        "two sources n/a n/a",
        "follow-ups answered n/a n/a",
        "answerable answered 0.500 (n=2) 1.000 (n=1)",
        "unanswerable declined 0.500 (n=2) n/a",
        "confidence auroc 0.875 n/a",
        "integrity faults 1 0",
        "forbidden 1 0",
        "errors 1 0",
        "failed at composing 1 0",
        "failed at deciding 2 0",
    ]
    assert {len(line) for line in as_table([DEV, TEST]).splitlines()} == {24 + 18 + 18}


def test_results_are_written_with_their_version_and_the_same_bytes_each_time(
    tmp_path: Path,
) -> None:
    for name in ("a", "b/deep"):
        write_results(tmp_path / name, _ran(), [DEV, TEST])
    first = (tmp_path / "a" / "results.json").read_bytes()
    assert (tmp_path / "b" / "deep" / "results.json").read_bytes() == first
    assert first.endswith(b"}\n")
    content = json.loads(first)
    assert list(content) == ["cases", "metrics_version", "summaries"]
    assert content["metrics_version"] == METRICS_VERSION
    assert content["summaries"] == [DEV.model_dump(mode="json"), TEST.model_dump(mode="json")]
    assert [CaseResult.model_validate(case) for case in content["cases"]] == _ran()


def test_written_results_keep_letters_as_they_are(tmp_path: Path) -> None:
    write_results(tmp_path, [_result("late").model_copy(update={"missed": ("équipe",)})], [])
    assert "équipe" in (tmp_path / "results.json").read_text("utf-8")


def _shipped() -> list[Case]:
    return [case for file in sorted(DATASETS.glob("*.yaml")) for case in read_dataset(file)]


def test_no_answer_from_the_library_quotes_what_is_not_there(library: Assistant) -> None:
    cases = _shipped()
    results = run_cases(library, cases, lambda _: None)
    assert {case.split for case in cases} == {"dev", "test"}
    assert [result.id for result in results] == [case.id for case in cases]
    assert [(r.id, r.integrity_faults) for r in results if r.integrity_faults] == []
    assert [(r.id, r.forbidden) for r in results if r.forbidden] == []
    assert [(r.id, r.error) for r in results if r.error] == []


def test_a_faulty_question_to_the_library_is_an_error_of_that_case_only(
    library: Assistant,
) -> None:
    cases = [make_case("empty", question="?!"), make_trap("far", question="How do I bake bread?")]
    empty, far = run_cases(library, cases, lambda _: None)
    assert empty.error == "The question is empty. Type a question in plain words."
    assert (far.outcome, far.outcome_right, far.error) == ("declined", True, None)
