"""How numbers and the verdict are worded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import METRICS
from evals.report.words import (
    EXPLANATIONS,
    broken,
    difference,
    estimate,
    failed_metrics,
    latency,
    metric_names,
    number,
    title,
    verdict,
)
from evals.results import Estimate, Gate, Timing
from tests.evals.report.make_run import (
    SECRET,
    make_check,
    make_comparison,
    make_failure,
    make_run,
    make_summary,
    make_timings,
)

HOLDS = Gate(name="integrity", passed=True, found="0 of 3 fail")
FAILS = Gate(name="typos", passed=False, found="3 of 4 hold")


@pytest.mark.parametrize(
    ("exit_code", "gates", "said"),
    [
        (0, (HOLDS,), "Passed: 1 of 1 gates hold."),
        (1, (HOLDS, FAILS), "Failed: 1 of 2 gates failed (typos)."),
        (2, (HOLDS,), "Not comparable with the baseline (other set)."),
        (2, (FAILS,), "Not comparable with the baseline (other set): 1 of 1 gates failed (typos)."),
        (3, (HOLDS,), "Too many errors (1 of 4 questions)."),
    ],
)  # fmt: skip
def test_the_verdict_follows_from_the_exit_code(
    exit_code: int, gates: tuple[Gate, ...], said: str
) -> None:
    compared = make_comparison(verdict="not comparable", reason="other set.")
    assert verdict(make_run(exit_code=exit_code, gates=gates, comparison=compared)) == said


def test_a_run_without_a_comparison_has_a_verdict_too() -> None:
    run = make_run(exit_code=2, gates=(), comparison=None)
    assert verdict(run) == "Not comparable with the baseline."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.617, "0.62"), (1.0, "1.00"), (0.0, "0.00"), (-0.0, "0.00"), (None, "not measured"),
        (0.998, "0.998"), (0.9996, "0.9996"), (0.004, "0.004"), (0.00002, "2e-05"),
    ],
)  # fmt: skip
def test_a_number_has_two_decimals_unless_they_would_mislead(
    value: float | None, text: str
) -> None:
    assert number(value) == text


@given(st.floats(0, 1))
def test_only_0_and_1_read_as_0_and_1(value: float) -> None:
    shown = float(number(value))
    assert shown == pytest.approx(value, abs=0.005)
    assert shown != 0 or value == 0


def test_an_estimate_has_its_interval_and_n() -> None:
    assert estimate(Estimate(mean=0.62, n=113, low=0.57, high=0.67)) == "0.62 [0.57–0.67] n=113"
    assert estimate(Estimate(mean=0.5, n=1)) == "0.50 n=1"
    assert estimate(Estimate(mean=0.5, n=2, errors=2)) == "0.50 n=2 (2 errors)"


def test_what_was_not_measured_says_so() -> None:
    assert estimate(None) == "not measured"
    assert estimate(Estimate(mean=None, n=0, errors=1)) == "not measured (1 error)"


def test_a_difference_is_signed() -> None:
    assert difference(-0.04, -0.09, 0.01) == "-0.04 [-0.09 to +0.01]"
    assert difference(0.1, None, None) == "+0.10"
    assert difference(None, None, None) == "not measured"


def test_metrics_stand_in_the_order_of_their_definition() -> None:
    summary = make_summary()
    other = summary.estimates | {"a_new_one": Estimate(mean=0.5, n=1)}
    names = metric_names([summary, make_summary(estimates=other)])
    assert names == ["outcome", "vital_recall", "two_sources", "a_new_one"]
    assert title("vital_recall") == METRICS["vital_recall"].title
    assert title("a_new_one") == "a new one"


def test_every_metric_is_explained() -> None:
    assert EXPLANATIONS.keys() == METRICS.keys()


def test_metrics_that_failed_are_named() -> None:
    assert failed_metrics(make_failure()) == ["vital facts"]


def test_broken_lines_of_test_cases_are_told_by_their_ids() -> None:
    assert broken(make_check(), make_run()) == ["visits: another answer", "hidden"]


def test_all_broken_lines_are_told_with_the_test_texts() -> None:
    assert f"a {SECRET}" in broken(make_check(), make_run(), show_test=True)


def test_latency_is_a_median_and_a_95th_percentile() -> None:
    # 0.1, 0.2, 0.4, 0.9: half way from 0.2 to 0.4; 0.4 and 85 % of the way to 0.9.
    assert latency(make_timings().products[0]) == pytest.approx((0.3, 0.825))
    assert latency(Timing(product="a", answers={}, total=1.0, peak_mib=1.0)) is None
