"""The gates of a run and its exit code, over records written by hand."""

import pytest

from evals.gates import judge_run
from evals.results import (
    CaseResult,
    Change,
    CheckResult,
    Comparison,
    Gate,
    Measure,
    Product,
    Stage,
    Verdict,
)
from tests.evals.report.make_run import make_case, make_change, make_comparison, make_product

HELD = Measure(outcome="pass", value=1.0)
LOST = Measure(outcome="fail", value=0.0)
NOT_APPLICABLE = Measure(outcome="not_applicable", reason="only for some")
ERROR = Measure(outcome="error", reason="broken")


def _case(
    name: str = "core", integrity: Measure = HELD, permitted: Measure = NOT_APPLICABLE
) -> CaseResult:
    return make_case(
        name, measures={"outcome": LOST, "integrity": integrity, "permitted": permitted}
    )


def _broken(name: str) -> CaseResult:
    measures = dict.fromkeys(("outcome", "integrity", "permitted"), ERROR)
    return make_case(name, outcome="error", confidence=None, measures=measures, error="broken")


def _product(*cases: CaseResult) -> Product:
    return make_product(cases=cases or (_case(),))


def _comparison(
    verdict: Verdict, reason: str = "", changes: tuple[Change, ...] = (), **blame: int
) -> Comparison:
    return make_comparison(verdict=verdict, reason=reason, changes=changes, blame=blame)


def _check(held: int, bound: float | None, measured: int = 10) -> CheckResult:
    return CheckResult(
        name="repeats", title="the same when asked again", measured=measured, held=held,
        bound=bound, broken=(),
    )  # fmt: skip


def test_low_means_alone_fail_no_gate() -> None:
    run = judge_run([_product(_case(), _case("coach"))])
    assert run.exit_code == 0
    assert run.gates == (
        Gate(name="integrity", passed=True, found="0 of 2 fail", stage="citing"),
        Gate(name="permitted", passed=True, found="nothing was measured", stage="composing"),
    )


@pytest.mark.parametrize(
    ("bad", "name", "stage"),
    [
        (_case("b", integrity=LOST), "integrity", "citing"),
        (_case("b", permitted=LOST), "permitted", "composing"),
    ],
)
def test_one_hard_failure_fails_the_run_and_names_the_stage(
    bad: CaseResult, name: str, stage: Stage
) -> None:
    run = judge_run([_product(*(_case(f"c-{n}", permitted=HELD) for n in range(99)), bad)])
    assert run.exit_code == 1
    [gate] = [gate for gate in run.gates if not gate.passed]
    assert gate == Gate(name=name, passed=False, found="1 of 100 fail", stage=stage)


def test_a_hard_metric_that_could_not_be_measured_does_not_hold() -> None:
    run = judge_run([_product(_broken("a"))])
    integrity = run.gates[0]
    assert (integrity.passed, integrity.found) == (False, "nothing was measured")


def test_the_first_product_alone_is_judged() -> None:
    good, bad = _product(), _product(_case(integrity=LOST))
    assert judge_run([good, bad]).exit_code == 0
    assert judge_run([bad, good]).exit_code == 1


@pytest.mark.parametrize(("errors", "code"), [(0, 0), (5, 0), (6, 3)])
def test_up_to_five_errors_in_a_hundred_are_borne(errors: int, code: int) -> None:
    sound = [_case(f"c-{n}", permitted=HELD) for n in range(100 - errors)]
    run = judge_run([_product(*sound, *(_broken(f"e-{n}") for n in range(errors)))])
    assert run.exit_code == code


def test_too_many_errors_come_before_all_else() -> None:
    run = judge_run(
        [_product(_case(integrity=LOST), _broken("b"))], (), _comparison("not comparable")
    )
    assert run.exit_code == 3


@pytest.mark.parametrize(
    ("check", "passed"),
    [(_check(9, 0.9), True), (_check(8, 0.9), False), (_check(0, 0.9, measured=0), False)],
)
def test_a_check_with_a_bound_is_a_gate(check: CheckResult, passed: bool) -> None:
    run = judge_run([_product()], [check])
    assert run.gates[-1].passed is passed
    assert run.gates[-1].found == f"{check.held} of {check.measured} hold"
    assert run.exit_code == (0 if passed else 1)


def test_a_check_without_a_bound_is_for_information() -> None:
    run = judge_run([_product()], [_check(0, None)])
    assert (run.exit_code, len(run.gates), len(run.checks)) == (0, 2, 1)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [("improved", 0), ("no change", 0), ("regressed", 1), ("not comparable", 2)],
)
def test_the_verdict_against_the_baseline_is_in_the_exit_code(verdict: Verdict, code: int) -> None:
    run = judge_run([_product()], (), _comparison(verdict))
    assert run.exit_code == code
    assert run.gates[-1].name == "baseline"
    assert run.gates[-1].passed is (code == 0)


def test_a_run_that_got_worse_names_the_metrics_and_the_earliest_stage_of_them() -> None:
    changes = (
        make_change(),
        make_change(metric="ndcg"),
        make_change(metric="outcome", verdict="no change"),
    )
    comparison = _comparison("regressed", "why", changes, composing=3, deciding=1)
    assert judge_run([_product()], (), comparison).gates[-1] == Gate(
        name="baseline", passed=False, found="vital_recall (dev), ndcg (dev)", stage="search"
    )


def test_what_cannot_be_compared_says_why_and_blames_no_stage() -> None:
    comparison = _comparison("not comparable", "cases differ in what they say", search=3)
    assert judge_run([_product()], (), comparison).gates[-1] == Gate(
        name="baseline", passed=False, found="cases differ in what they say", stage=None
    )
