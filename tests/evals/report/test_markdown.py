"""Runs as Markdown."""

from evals.report.markdown import markdown
from evals.results import Gate
from tests.evals.report.make_run import (
    SECRET,
    make_comparison,
    make_failure,
    make_product,
    make_run,
    make_summary,
    make_timings,
)


def test_the_verdict_comes_first() -> None:
    lines = markdown(make_run(), make_timings()).splitlines()
    assert lines[:3] == ["## Evaluation", "", "**Failed: 1 of 2 gates failed (typos).**"]


def test_dev_and_test_stand_side_by_side() -> None:
    text = markdown(make_run())
    assert "|  | dev | test |" in text
    row = "0.75 [0.50–1.00] n=2 (1 error)"
    assert f"| vital facts | {row} | {row} |" in text
    assert "| two sources where they differ | not measured | not measured |" in text


def test_products_stand_side_by_side() -> None:
    run = make_run(products=(make_product(), make_product("generative")))
    heads = "extractive dev | extractive test | generative dev | generative test"
    assert f"|  | {heads} |" in markdown(run)


def test_gates_and_checks_say_what_was_found() -> None:
    text = markdown(make_run())
    assert "| integrity | holds | 0 of 3 fail |  |" in text
    assert "| typos | **failed** | 3 of 4 hold | search |" in text
    assert "| Mistyped questions | **failed** | 3 of 4 | 90% |" in text


def test_the_comparison_names_what_fails_now() -> None:
    text = markdown(make_run())
    change = "0.85 | 0.75 | -0.10 [-0.18 to -0.02] | 0.012 | 113 | **regressed**"
    assert f"| dev | vital facts | {change} |" in text
    assert "Newly failing (1): `visits`" in text
    assert "composing +1, search -1" in text


def test_long_lists_of_ids_are_cut() -> None:
    compared = make_comparison(newly_failing=[f"c{n}" for n in range(103)], newly_passing=())
    text = markdown(make_run(comparison=compared))
    assert "Newly failing (103): `c0`, " in text
    assert "`c99` and 3 more\n" in text
    assert "Newly passing: none" in text


def test_failures_are_counted_by_stage() -> None:
    assert "does not say it | 1 | 0 |" in markdown(make_run())


def test_times_are_told_if_there_are_any() -> None:
    row = "| extractive | 0.3 s | 0.825 s | 2 s | 512 MiB |"
    assert row in markdown(make_run(), make_timings())
    assert "Time" not in markdown(make_run(), None)


def test_there_are_no_texts_of_questions_or_answers() -> None:
    text = markdown(make_run(), make_timings())
    case = make_failure()
    for told in (SECRET, case.question, case.answer, case.wrong[0], case.citations[0].quote):
        assert told not in text


def test_a_name_cannot_break_the_table_or_be_markup() -> None:
    gate = Gate(name="a|b", passed=False, found="<img>\nnext")
    text = markdown(make_run(gates=(gate,)))
    assert "| a\\|b | **failed** | &lt;img> next |  |" in text


def test_an_empty_run_has_a_report() -> None:
    run = make_run(products=(), checks=(), gates=(), comparison=None, exit_code=0)
    assert markdown(run) == "## Evaluation\n\n**Passed: 0 of 0 gates hold.**\n"
    bare = make_product(summaries=(make_summary(estimates={}, blame={}),))
    assert "Where failures" not in markdown(make_run(products=(bare,)))
