"""Runs in the terminal."""

from evals.report.table import table
from tests.evals.report.make_run import (
    SECRET,
    make_case,
    make_product,
    make_run,
    make_summary,
    make_timings,
)


def _rows(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_dev_and_test_stand_side_by_side_with_n_and_interval() -> None:
    rows = _rows(table(make_run(), make_timings(), show_test=False))
    assert rows[:2] == ["Product: extractive", "dev (3) test (1)"]
    assert "two sources where they differ not measured not measured" in rows
    assert "declined: local fact 0.50 [0.10–0.90] n=2 0.50 [0.10–0.90] n=2" in rows
    assert "F1 of answering 1.00 1.00" in rows
    assert "F1 of declining not measured not measured" in rows
    assert "errors 1 0" in rows
    assert "failed at composing 1 0" in rows


def test_numbers_with_errors_do_not_run_into_each_other() -> None:
    share = "0.75 [0.50–1.00] n=2 (1 error)"
    rows = _rows(table(make_run(), make_timings(), show_test=False))
    assert f"vital facts {share} {share}" in rows


def test_each_failure_says_where_its_case_stands_and_what_is_wrong() -> None:
    parts = table(make_run(), make_timings(), show_test=False).split("\n\n")
    assert parts[1] == (
        "dev visits (datasets/starter.yaml:1): How often do coaches visit?\n"
        "  does not say: every 2 weeks\nor so\n  says: <b>weekly</b>\n  failed at: composing"
    )
    assert parts[2] == (
        "dev slow (datasets/starter.yaml:1): What about slow?\n  error: The index is damaged."
    )


def test_the_texts_of_the_test_split_are_told_on_request_alone() -> None:
    assert SECRET not in table(make_run(), make_timings(), show_test=False)
    told = table(make_run(), make_timings(), show_test=True)
    assert f"test hidden ({SECRET}.yaml:1): Where is the {SECRET}?\n  says: {SECRET}" in told
    assert f"  hidden: {SECRET}" in told


def test_what_passed_is_not_listed() -> None:
    run = make_run(products=(make_product(cases=(make_case(),)),))
    assert "What about core?" not in table(run, make_timings(), show_test=True)


def test_checks_gates_and_speed_come_before_the_verdict() -> None:
    rows = table(make_run(), make_timings(), show_test=False).splitlines()
    assert rows[-8:] == [
        "Mistyped questions: 3 of 4",
        "  visits: another answer",
        "  hidden",
        "gate integrity: held, 0 of 3 fail",
        "gate typos: FAILED, 3 of 4 hold (to blame: search)",
        # 0.1, 0.2, 0.4 and 0.9 s: 95 % of the way is 0.85 of that from the third to the last
        "extractive: an answer takes 300 ms, at 95 % 825 ms; the run 2.0 s, 1.25 times its "
        "answers; at most 512 MiB",
        "",
        "Failed: 1 of 2 gates failed (typos).",
    ]


def test_a_comparison_is_part_of_it() -> None:
    rows = _rows(table(make_run(), make_timings(), show_test=False))
    assert "newly failing (1): visits" in rows
    assert "verdict: regressed (vital facts were lost)" in rows
    alone = table(make_run(comparison=None), make_timings(), show_test=False)
    assert "newly failing" not in alone


def test_products_stand_one_below_the_other_and_the_first_ones_failures_are_shown() -> None:
    other = make_product("generative", summaries=(make_summary("test", cases=7),))
    text = table(make_run(products=(make_product(), other)), make_timings(), show_test=False)
    rows = _rows(text)
    assert rows[rows.index("Product: generative") + 1] == "test (7)"
    assert text.count("How often do coaches visit?") == 1
