"""What a judge found, in numbers and as a table."""

import pytest

from assistant.errors import ModelError
from evals.judge.judging import Judge, read_prompt
from evals.judge.report import judge_report, judge_table, reference_of
from tests.evals.judge.scripted import ScriptedLLM, labelled, saying
from tests.evals.make import make_case, make_nugget, make_trap

CASES = (
    make_case("one", history=("Before?",)),
    make_case("two"),
    make_case("three"),
    make_case("four"),
    make_case("declined"),
    make_trap("weather"),
)
ANSWERS = {"one": "all", "two": "some", "three": "none", "four": "noise", "weather": "all"}


def by_answer(prompt: str) -> str:
    """Replies by what the answer says; a labelled one is always right."""
    answer = prompt.split("<<<ANSWER\n")[1].split("\nANSWER>>>")[0]
    return {"all": "right", "some": "partly", "none": "wrong", "noise": "hm"}.get(answer, "right")


def test_a_report_scores_only_what_was_scored() -> None:
    report = judge_report(
        CASES,
        ANSWERS,
        Judge(ScriptedLLM(by_answer)),
        [labelled("a", "right"), labelled("b", "wrong")],
    )
    # (1 + 0.5 + 0) / 3; three of the four judged were unanimous, the fourth is unreadable.
    assert (report.mean, report.n, report.unscored, report.not_judged) == (0.5, 3, 1, 2)
    assert [one.id for one in report.cases] == ["one", "two", "three", "four"]
    assert report.unanimous == 0.75
    assert (report.agreement.raw, report.agreement.kappa) == (0.5, 0.0)
    assert (report.model, report.repeats, report.prompt) == ("scripted-1", 3, read_prompt()[1])


def test_a_report_without_answers_has_no_numbers() -> None:
    report = judge_report(CASES, {}, Judge(ScriptedLLM(by_answer)), [])
    assert (report.mean, report.n, report.unanimous, report.not_judged) == (None, 0, None, 6)
    assert "mean score" in judge_table(report)
    assert "n/a (n=0, 0 unscored, 6 not judged)" in judge_table(report)


def test_one_repeat_has_no_spread() -> None:
    report = judge_report(CASES, ANSWERS, Judge(ScriptedLLM(by_answer), repeats=1), [])
    assert report.unanimous is None


def test_a_question_is_judged_with_the_ones_before_it_and_optional_facts_say_so() -> None:
    model = ScriptedLLM(by_answer)
    case = make_case(
        "one",
        history=("Before?",),
        nuggets=(make_nugget("a", "core"), make_nugget("b", "half", "okay")),
    )
    judge_report([case], {"one": "all"}, Judge(model, repeats=1), [])
    assert "<<<QUESTION\nBefore?\nWhat about one?\nQUESTION>>>" in model.asked[0]
    assert reference_of(case) == "It says core.\n(optional) It says half."


def test_a_table_shows_what_the_score_is_worth() -> None:
    judge = Judge(ScriptedLLM(by_answer))
    lines = judge_table(judge_report(CASES, ANSWERS, judge, [labelled("a", "right")])).splitlines()
    assert lines == [
        f"Judged by scripted-1, asked 3 times; prompt {judge.prompt[:12]}. "
        "For information: it gates nothing.",
        "mean score              0.500 (n=3, 1 unscored, 2 not judged)",
        "verdicts                right 1, partly 1, wrong 1",
        "same in all repeats     0.750 (n=4)",
        "agrees with people      1.000, kappa n/a (n=1, 0 unscored)",
        "unscored: four: no verdict alone on the last line: 'hm'",
    ]


def test_a_table_names_a_tie() -> None:
    report = judge_report([CASES[1]], ANSWERS, Judge(saying("right", "wrong", "partly")), [])
    assert judge_table(report).endswith("unscored: two: no majority")


def test_equal_runs_give_equal_reports() -> None:
    one, two = (judge_report(CASES, ANSWERS, Judge(ScriptedLLM(by_answer)), []) for _ in range(2))
    assert one.model_dump_json() == two.model_dump_json()


def test_a_report_ends_if_the_model_does_not_answer() -> None:
    def fail(_: str) -> str:
        raise TimeoutError

    model = ScriptedLLM(fail)
    with pytest.raises(ModelError, match="does not answer"):
        judge_report(CASES, ANSWERS, Judge(model), [labelled("a", "right")])
    assert len(model.asked) == 3
