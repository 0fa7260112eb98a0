"""A run as JUnit XML, which build servers show test by test."""

import re
from collections.abc import Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from evals.report.words import broken, difference, failed_metrics, title
from evals.results import CaseResult, Change, CheckResult, Comparison, Gate, Run, Timings

# Everything that XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Problem = Failure | Error | Skipped


def junit(run: Run, timings: Timings | None = None) -> str:
    """One suite for each product and split, and one each for gates, checks and the comparison.

    What went wrong in a dev case is told in words. Of a test case nothing is said but the stage
    to blame and the metrics that failed, as the rest may give its text away.
    """
    report = JUnitXml("evaluation")
    seconds = {timing.product: timing.answers for timing in timings.products} if timings else {}
    for product in run.products:
        taken = seconds.get(product.name, {})
        for split in ("dev", "test"):
            cases = [case for case in product.cases if case.split == split]
            if cases:
                tests = [_test(split, c.id, _case_problem(c), taken.get(c.id)) for c in cases]
                report.add_testsuite(_suite(f"{product.name} {split}", tests))
    gates = [_test("gates", gate.name, _gate_problem(gate)) for gate in run.gates]
    report.add_testsuite(_suite("gates", gates))
    checks = [_test("checks", check.name, _check_problem(check, run)) for check in run.checks]
    report.add_testsuite(_suite("checks", checks))
    if run.comparison:
        report.add_testsuite(_suite("comparison", _compared(run.comparison)))
    report.update_statistics()
    text: bytes = report.tostring()
    return text.decode("utf-8") + "\n"


def _suite(name: str, tests: Sequence[TestCase]) -> TestSuite:
    suite = TestSuite(_xml(name))
    suite.add_testcases(list(tests))
    return suite


def _test(
    group: str, name: str, problem: _Problem | None, seconds: float | None = None
) -> TestCase:
    test = TestCase(_xml(name), _xml(group), seconds)
    if problem is not None:
        test.result = [problem]
    return test


def _problem(kind: type[_Problem], message: str, type_: str = "", text: str = "") -> _Problem:
    problem = kind(_xml(message), _xml(type_))
    problem.text = _xml(text)
    return problem


def _case_problem(case: CaseResult) -> _Problem | None:
    told = case.split == "dev"
    if case.outcome == "error" or case.error is not None:
        reason = (case.error or "no reason given") if told else "could not be asked"
        return _problem(Error, _first_line(reason), "not asked")
    if case.blame:
        names = ", ".join(failed_metrics(case))
        what = _first_line(case.wrong[0]) if told and case.wrong else names
        text = "\n".join((f"Failed: {names}", *(case.wrong if told else ())))
        return _problem(Failure, f"{case.blame}: {what}", case.blame, text)
    unmeasured = {n: m.reason for n, m in case.measures.items() if m.outcome == "error"}
    if unmeasured:
        lines = [f"{title(n)}: {reason}" if told else title(n) for n, reason in unmeasured.items()]
        return _problem(Error, _first_line(lines[0]), "not measured", "\n".join(lines))
    return None


def _gate_problem(gate: Gate) -> _Problem | None:
    return None if gate.passed else _problem(Failure, gate.found, gate.stage or "")


def _check_problem(check: CheckResult, run: Run) -> _Problem | None:
    if not check.measured:
        kind = Skipped if check.bound is None else Error
        return _problem(kind, "nothing was measured")
    if check.passed:
        return None
    found = f"{check.held} of {check.measured} hold, at least {check.bound:.0%} must"
    return _problem(Failure, found, text="\n".join(broken(check, run)))


def _compared(comparison: Comparison) -> list[TestCase]:
    problem = None
    if comparison.verdict == "not comparable":
        problem = _problem(Error, comparison.reason or comparison.verdict, "not comparable")
    elif comparison.verdict == "regressed":
        message = comparison.reason or comparison.verdict
        text = "\n".join(("Newly failing:", *comparison.newly_failing))
        problem = _problem(Failure, message, "regressed", text)
    whole = _test("comparison", "verdict", problem)
    return [whole, *(_test(c.split, c.metric, _change_problem(c)) for c in comparison.changes)]


def _change_problem(change: Change) -> _Problem | None:
    if change.verdict == "not comparable":
        return _problem(Error, change.reason or change.verdict, "not comparable")
    if change.verdict == "regressed":
        found = difference(change.difference, change.low, change.high)
        return _problem(Failure, f"{title(change.metric)}: {found}", "regressed", change.reason)
    return None


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0]


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
