"""Runs as JUnit XML."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from evals.report.junit import junit
from evals.results import Measure, Run
from tests.evals.report.make_run import (
    PASSED,
    SECRET,
    make_case,
    make_change,
    make_check,
    make_comparison,
    make_error,
    make_failure,
    make_product,
    make_run,
    make_secret,
    make_timings,
)


def parse(run: Run) -> ElementTree.Element:
    return ElementTree.fromstring(junit(run, make_timings()))


def find(run: Run, suite: str, name: str) -> ElementTree.Element:
    found = parse(run).find(f"testsuite[@name='{suite}']/testcase[@name='{name}']")
    assert found is not None
    return found


def run_of(*cases: object) -> Run:
    return make_run(products=(make_product(cases=cases),))


def test_there_is_a_suite_for_each_product_and_split_and_for_gates_checks_and_changes() -> None:
    run = make_run(products=(make_product(), make_product("generative")))
    assert [suite.get("name") for suite in parse(run)] == [
        "extractive dev", "extractive test", "generative dev", "generative test",
        "gates", "checks", "comparison",
    ]  # fmt: skip


def test_the_counts_are_those_of_the_run() -> None:
    root = parse(make_run())
    # Failures: one dev and one test case, a gate, a check, the comparison and a change of it.
    counts = [root.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["10", "6", "1", "0"]


def test_a_case_has_its_split_its_id_and_its_seconds() -> None:
    case = find(make_run(), "extractive dev", "core")
    assert case.attrib == {"name": "core", "classname": "dev", "time": "0.1"}
    assert list(case) == []


def test_without_timings_there_are_no_seconds() -> None:
    case = ElementTree.fromstring(junit(make_run())).find("testsuite/testcase")
    assert case is not None
    assert "time" not in case.attrib


def test_a_failure_says_who_is_to_blame_and_the_first_line_of_what_is_wrong() -> None:
    failure = find(make_run(), "extractive dev", "visits").find("failure")
    assert failure is not None
    assert failure.get("message") == "composing: does not say: every 2 weeks"
    assert failure.get("type") == "composing"
    assert "says: <b>weekly</b>" in (failure.text or "")


def test_a_failure_without_words_names_its_metrics() -> None:
    failure = find(run_of(make_failure(wrong=())), "extractive dev", "visits").find("failure")
    assert failure is not None
    assert failure.get("message") == "composing: vital facts"


def test_a_low_number_that_nothing_is_to_blame_for_is_no_failure() -> None:
    case = find(run_of(make_failure(blame=None, wrong=())), "extractive dev", "visits")
    assert case.find("failure") is None


def test_an_error_is_no_failure() -> None:
    case = find(run_of(make_error()), "extractive dev", "slow")
    assert [(one.tag, one.get("message")) for one in case] == [("error", "The index is damaged.")]


def test_a_measure_that_could_not_be_taken_is_an_error() -> None:
    measures = {"outcome": PASSED, "ndcg": Measure(outcome="error", reason="no gold")}
    case = find(run_of(make_case(measures=measures)), "extractive dev", "core")
    assert [(one.tag, one.get("message")) for one in case] == [("error", "nDCG@10: no gold")]


def test_no_text_of_a_test_case_is_told() -> None:
    unmeasured = {"ndcg": Measure(outcome="error", reason=SECRET)}
    run = run_of(
        make_secret(),
        make_secret("fails", outcome="error", error=f"The {SECRET} failed."),
        make_secret("unmeasured", measures=unmeasured),
    )
    assert SECRET not in junit(run, make_timings())
    assert "deciding: answered or declined rightly" in junit(run, make_timings())


def test_a_gate_that_failed_says_what_was_found() -> None:
    failure = find(make_run(), "gates", "typos").find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "3 of 4 hold", "type": "search"}
    assert list(find(make_run(), "gates", "integrity")) == []


def test_a_check_without_anything_measured_is_an_error_if_it_has_a_bound() -> None:
    bound = make_check(measured=0, held=0)
    free = make_check(measured=0, held=0, bound=None)
    tags = [find(make_run(checks=(one,)), "checks", "typos")[0].tag for one in (bound, free)]
    assert tags == ["error", "skipped"]


def test_a_regression_is_a_failure_and_what_cannot_be_compared_an_error() -> None:
    unknown = make_change(metric="ndcg", verdict="not comparable", reason="too few")
    run = make_run(comparison=make_comparison(changes=(make_change(), unknown)))
    failed = find(run, "comparison", "vital_recall")[0]
    assert (failed.tag, failed.get("message")) == (
        "failure",
        "vital facts: -0.10 [-0.18 to -0.02]",
    )
    error = find(run, "comparison", "ndcg")[0]
    assert (error.tag, error.get("message")) == ("error", "too few")


def test_a_comparison_that_cannot_be_made_does_not_read_as_a_pass() -> None:
    compared = make_comparison(verdict="not comparable", reason="other cases", changes=())
    assert find(make_run(comparison=compared), "comparison", "verdict")[0].tag == "error"


def test_without_a_baseline_there_is_no_comparison() -> None:
    assert parse(make_run(comparison=None)).find("testsuite[@name='comparison']") is None


@given(st.text(), st.text(min_size=1))
def test_any_text_makes_a_file_that_can_be_read(wrong: str, error: str) -> None:
    run = run_of(make_failure(wrong=(wrong,)), make_error(error=error))
    suites = list(JUnitXml.fromstring(junit(run).encode()))
    assert [case.name for case in suites[0]] == ["visits", "slow"]
