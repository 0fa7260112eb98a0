"""When a run is good enough: the gates, and the exit code that says so."""

from collections.abc import Sequence
from typing import Literal

from evals.metrics import METRICS
from evals.results import CheckResult, Comparison, Gate, Product, Run, Stage

MOST_ERRORS = 0.05  # share of cases above which a run says nothing
_IN_ORDER: tuple[Stage, ...] = ("search", "passages", "deciding", "composing", "citing")


def judge_run(
    products: Sequence[Product],
    checks: Sequence[CheckResult] = (),
    comparison: Comparison | None = None,
) -> Run:
    """The whole run with its verdict; the first product is judged. Low means alone never fail."""
    gates = [
        *_hard_gates(products[0]),
        *(_check_gate(check) for check in checks if check.bound is not None),
        *([_baseline_gate(comparison)] if comparison else []),
    ]
    return Run(
        products=tuple(products),
        checks=tuple(checks),
        gates=tuple(gates),
        comparison=comparison,
        exit_code=_exit_code(products[0], gates, comparison),
    )


def _exit_code(
    product: Product, gates: Sequence[Gate], comparison: Comparison | None
) -> Literal[0, 1, 2, 3]:
    """3 too many errors to judge, 2 not comparable with the baseline, 1 a gate failed, 0 good."""
    errors = sum(case.error is not None for case in product.cases)
    if errors > MOST_ERRORS * len(product.cases):
        return 3
    if comparison and comparison.verdict == "not comparable":
        return 2
    return 0 if all(gate.passed for gate in gates) else 1


def _hard_gates(product: Product) -> list[Gate]:
    gates = []
    for name, metric in METRICS.items():
        if not metric.hard:
            continue
        judged = [case.measures[name].outcome for case in product.cases]
        failed, measured = judged.count("fail"), judged.count("fail") + judged.count("pass")
        found = f"{failed} of {measured} fail" if measured else "nothing was measured"
        applicable = measured > 0 or judged.count("not_applicable") == len(judged)
        passed = failed == 0 and applicable
        gates.append(Gate(name=name, passed=passed, found=found, stage=metric.stage))
    return gates


def _check_gate(check: CheckResult) -> Gate:
    found = f"{check.held} of {check.measured} hold"
    return Gate(name=check.name, passed=check.passed, found=found)


def _baseline_gate(comparison: Comparison) -> Gate:
    """Nothing got worse. To blame is the earliest stage of which a metric did: what comes after
    it suffers from it."""
    worse = [change for change in comparison.changes if change.verdict == "regressed"]
    stages = {METRICS[change.metric].stage for change in worse}
    found = ", ".join(f"{change.metric} ({change.split})" for change in worse)
    return Gate(
        name="baseline", passed=comparison.verdict in ("no change", "improved"),
        found=found or comparison.reason or comparison.verdict,
        stage=next((stage for stage in _IN_ORDER if stage in stages), None),
    )  # fmt: skip
