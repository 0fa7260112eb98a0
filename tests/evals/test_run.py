"""What replies are worth, case by case, and how that is summed up."""

import pytest

from assistant.records import Answer
from evals.asking import Reply
from evals.cases import Case
from evals.metrics import METRICS
from evals.results import METRICS_VERSION, CaseResult, Estimate, Measure, Product, Summary
from evals.run import digest, measure_product, summarise
from tests.evals.make import (
    TEXTS,
    make_answer,
    make_case,
    make_citation,
    make_nugget,
    make_passage,
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
        tags=("teams", "own"),
    ).at("set.yaml:1"),
    make_case("late"),
    make_case("broken"),
    make_trap("weather"),
    make_trap("stocks", unanswerable_class="professional"),
    make_case("context", split="test"),
]


def _answer(name: str) -> Answer:
    if name == "late":
        return make_answer("Nothing here.", confidence=0.2, nearest=())
    if name == "weather":
        return make_answer("Not covered.", confidence=0.1, nearest=())
    if name == "stocks":
        return make_answer("Buy. [1]", [make_citation("Keep the core")], confidence=0.2)
    if name == "context":
        other = make_citation("Context", document_id="other")
        return make_answer("Core. [1]", [other], confidence=0.8)
    return make_answer("Core, half of. [1]", [make_citation("Keep the core")], confidence=0.9)


def _reply(case: Case, answer: Answer | None = None, seconds: float = 1.0) -> Reply:
    if case.id == "broken":
        error = "The question is empty."
        return Reply(id=case.id, answer=None, passages=(), seconds=0, error=error)
    passages = (make_passage("other"), make_passage("guide", rank=2)) if case.gold else ()
    return Reply(
        id=case.id, answer=answer or _answer(case.id), passages=passages, seconds=seconds,
        error=None,
    )  # fmt: skip


def _product(seconds: float = 1.0) -> Product:
    replies = [_reply(case, seconds=seconds) for case in CASES]
    return measure_product("as set", CASES, replies, TEXTS, {"engine": "extractive"})


def _result(name: str) -> CaseResult:
    return next(result for result in _product().cases if result.id == name)


def _one(case: Case, answer: Answer) -> CaseResult:
    [result] = measure_product("p", [case], [_reply(case, answer)], TEXTS, {}).cases
    return result


def _held(value: float) -> Measure:
    return Measure(outcome="pass", value=value)


def _lost(value: float) -> Measure:
    return Measure(outcome="fail", value=value)


# --- one case


def test_an_answered_case_is_measured() -> None:
    core = _result("core")
    assert core.measures == {
        "outcome": _held(1.0),
        "vital_recall": _lost(0.5),
        "nugget_recall": _lost(0.666667),
        "first_citation": _held(1.0),
        "gold_found": _held(1.0),
        "evidence_found": _held(1.0),
        "ndcg": _held(0.63093),  # at rank 2 of one document that answers: 1 / log2(3)
        "reciprocal_rank": _held(0.5),
        "two_sources": Measure(outcome="not_applicable", reason="only for disagreements"),
        "integrity": _held(1.0),
        "permitted": _held(1.0),
    }
    assert core.measures.keys() == METRICS.keys()
    assert (core.place, core.cluster, core.topics) == ("set.yaml:1", "guide", ("teams",))
    assert (core.outcome, core.confidence, core.history) == ("answered", 0.9, ("Earlier?",))
    assert [(one.document_id, one.quote) for one in core.citations] == [("guide", "Keep the core")]
    assert core.retrieved == ("other:a:0", "guide:a:0")
    assert (core.blame, core.wrong) == ("composing", ("does not say: It says coach.",))
    assert core.failed


def test_a_low_rank_alone_is_no_failure() -> None:
    context = _result("context")
    assert context.measures["first_citation"] == _lost(0.0)
    assert (context.blame, context.wrong, context.failed) == (None, (), False)


def test_a_wrongly_declined_case_has_no_facts_and_no_right_citation() -> None:
    late = _result("late")
    zero = ("outcome", "vital_recall", "nugget_recall", "first_citation")
    assert [late.measures[name] for name in zero] == [_lost(0.0)] * 4
    assert (late.blame, late.wrong) == ("deciding", ("declined, and should not be",))


def test_a_trap_that_was_answered_is_to_blame_on_deciding() -> None:
    stocks = _result("stocks")
    assert stocks.measures["outcome"] == _lost(0.0)
    assert {n for n, m in stocks.measures.items() if m.outcome != "not_applicable"} == {
        "outcome", "integrity",
    }  # fmt: skip
    assert (stocks.blame, stocks.wrong) == ("deciding", ("answered, and should not be",))
    assert (stocks.cluster, stocks.unanswerable_class) == ("stocks", "professional")


def test_a_case_without_an_answer_is_an_error_of_what_applies_and_no_zero() -> None:
    broken = _result("broken")
    reason = "The question is empty."
    unknown = Measure(outcome="error", reason=reason)
    assert {name for name, one in broken.measures.items() if one != unknown} == {
        "two_sources", "permitted",
    }  # fmt: skip
    assert broken.measures["permitted"].outcome == "not_applicable"
    assert (broken.outcome, broken.confidence, broken.error) == ("error", None, reason)
    assert (broken.blame, broken.failed) == (None, False)


def test_a_forbidden_sentence_is_to_blame_on_composing_even_if_all_facts_are_there() -> None:
    answer = make_answer("Keep the core, drop the rest. [1]", [make_citation("Keep the core")])
    result = _one(make_case(must_not_say=("drop",)), answer)
    assert result.measures["vital_recall"] == _held(1.0)
    assert result.measures["permitted"] == _lost(0.0)
    assert (result.blame, result.wrong) == ("composing", ("says: drop",))


@pytest.mark.parametrize("case", [make_case(), make_trap()])
def test_a_citation_that_is_not_the_text_is_to_blame_on_citing_whatever_else(case: Case) -> None:
    moved = make_citation("Keep the core").model_copy(update={"start": 1, "end": 14})
    result = _one(case, make_answer("Keep the core. [1]", [moved]))
    assert result.measures["integrity"] == _lost(0.0)
    assert result.blame == "citing"
    assert result.wrong[-1] == "[1] is not the text of guide"


# --- a split


def _summary(split: str) -> Summary:
    return next(summary for summary in _product().summaries if summary.split == split)


def test_a_split_is_summed_up_over_what_applies_and_errors_are_told_apart() -> None:
    dev = _summary("dev")
    assert (dev.cases, dev.errors, _summary("test").cases) == (5, 1, 1)
    counts = {
        name: (one.mean, one.n, one.not_applicable, one.errors)
        for name, one in dev.estimates.items()
    }
    assert counts == {
        "outcome": (0.5, 4, 0, 1),  # core and weather; not late and stocks
        "vital_recall": (0.25, 2, 2, 1),  # core 1/2, late 0
        "nugget_recall": (0.333334, 2, 2, 1),  # core 0.666667 as it is kept, late 0
        "first_citation": (0.5, 2, 2, 1),  # core, not late
        "gold_found": (1.0, 2, 2, 1),
        "evidence_found": (1.0, 2, 2, 1),
        "ndcg": (0.63093, 2, 2, 1),
        "reciprocal_rank": (0.5, 2, 2, 1),
        "two_sources": (None, 0, 5, 0),
        "integrity": (1.0, 4, 0, 1),
        "permitted": (1.0, 1, 4, 0),  # the case alone decides, so the broken one too
    }
    assert dev.blame == {"composing": 1, "deciding": 2}


def test_answering_and_declining_are_counted_in_four_kinds() -> None:
    found = _summary("dev").abstention
    assert (found.answered_rightly, found.declined_wrongly) == (1, 1)  # core, late
    assert (found.declined_rightly, found.answered_wrongly) == (1, 1)  # weather, stocks
    assert (found.f1_answer, found.f1_decline, found.macro) == (0.5, 0.5, 0.5)


def test_topics_and_classes_are_summed_up_apart() -> None:
    dev = _summary("dev")
    assert dev.by_topic.keys() == {"teams"}
    assert dev.by_topic["teams"]["vital_recall"].mean == 0.5
    assert {kind: one.mean for kind, one in dev.declined_by_class.items()} == {
        "other_field": 1.0, "professional": 0.0,
    }  # fmt: skip
    assert _summary("test").declined_by_class == {}


def test_the_confidence_is_judged_by_what_it_lets_through() -> None:
    dev = _summary("dev")
    # 0.9 and 0.2 of answerable questions against 0.2 and 0.1 of others: three pairs and a tie.
    assert dev.auroc == 0.875
    # From the most confident on: core is half right, which is right enough. At 0.2 come late,
    # which would have had an answer, and stocks, which has none; last weather, which has none.
    assert [(p.threshold, p.coverage, p.risk) for p in dev.risk_coverage] == [
        (0.9, 0.25, 0.0), (0.2, 0.75, 0.333333), (0.1, 1.0, 0.5),
    ]  # fmt: skip
    assert dev.coverage_at_risk == 0.25
    assert _summary("test").auroc is None


def test_a_split_of_errors_alone_has_no_numbers() -> None:
    summary = summarise([_result("broken")])
    assert (summary.cases, summary.errors) == (1, 1)
    assert {(one.mean, one.n) for one in summary.estimates.values()} == {(None, 0)}
    assert summary.estimates["vital_recall"] == Estimate(mean=None, n=0, errors=1)
    assert summary.estimates["permitted"] == Estimate(mean=None, n=0, not_applicable=1)
    assert (summary.auroc, summary.aurc, summary.coverage_at_risk) == (None, None, None)


# --- a product


def test_a_product_says_what_was_asked_of_whom() -> None:
    product = _product()
    assert product.name == "as set"
    found = product.fingerprint
    assert (found.index, found.engine, found.prompts) == ("i", "extractive", {})
    assert (found.metrics, found.settings) == (METRICS_VERSION, {"engine": "extractive"})
    assert found.cases == digest(CASES)


def test_a_product_that_gave_no_answer_is_measured_too() -> None:
    broken = make_case("broken")
    product = measure_product("p", [broken], [_reply(broken)], TEXTS, {})
    assert (product.fingerprint.index, product.fingerprint.engine) == ("", "")


def test_a_product_does_not_depend_on_how_long_its_answers_took() -> None:
    assert _product(seconds=1.0).model_dump_json() == _product(seconds=9.0).model_dump_json()


def test_replies_that_are_not_those_of_the_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        measure_product("p", CASES, [_reply(CASES[0])], TEXTS, {})


def test_the_digest_is_of_what_the_cases_say_in_their_order_and_not_of_their_place() -> None:
    one, other = make_case("a"), make_case("b")
    assert digest([one.at("x.yaml:1"), other]) == digest([one, other])
    assert digest([other, one]) != digest([one, other])
    assert digest([one, make_case("b", split="test")]) != digest([one, other])
