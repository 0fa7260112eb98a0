"""A run in the terminal: numbers with their n, what failed and where, and the verdict last."""

from collections.abc import Iterator, Sequence

from evals.compare import comparison_table
from evals.report.words import broken, estimate, latency, metric_names, number, title, verdict
from evals.results import CaseResult, Run, Summary, Timings


def table(run: Run, timings: Timings, show_test: bool) -> str:
    """All of it, as text. The test split's failures only if wanted."""
    parts = [f"Product: {product.name}\n{_numbers(product.summaries)}" for product in run.products]
    shown = ("dev", "test") if show_test else ("dev",)
    parts += [_failure(r) for r in run.products[0].cases if r.split in shown and _to_show(r)]
    if run.comparison:
        parts.append(comparison_table(run.comparison))
    parts.append("\n".join([*_checks(run, show_test), *_speed(timings)]))
    parts.append(verdict(run))
    return "\n\n".join(parts)


def _numbers(summaries: Sequence[Summary]) -> str:
    rows = [["", *(f"{s.split} ({s.cases})" for s in summaries)]]
    for name in metric_names(summaries):
        rows.append([title(name), *(estimate(s.estimates.get(name)) for s in summaries)])
    for kind in sorted({kind for s in summaries for kind in s.declined_by_class}):
        cells = [estimate(s.declined_by_class.get(kind)) for s in summaries]
        rows.append([f"declined: {kind.replace('_', ' ')}", *cells])
    for name, field in (
        ("F1 of answering", "f1_answer"), ("F1 of declining", "f1_decline"), ("their mean", "macro")
    ):  # fmt: skip
        rows.append([name, *(number(getattr(s.abstention, field)) for s in summaries)])
    for name, field in (
        ("AUROC of the confidence", "auroc"), ("area of risk and coverage", "aurc"),
        ("answered at 5 % risk", "coverage_at_risk"),
    ):  # fmt: skip
        rows.append([name, *(number(getattr(s, field)) for s in summaries)])
    rows.append(["errors", *(str(s.errors) for s in summaries)])
    for stage in sorted({stage for s in summaries for stage in s.blame}):
        rows.append([f"failed at {stage}", *(str(s.blame.get(stage, 0)) for s in summaries)])
    return "\n".join(f"{row[0]:32}" + "".join(f"{cell:>38}" for cell in row[1:]) for row in rows)


def _to_show(result: CaseResult) -> bool:
    return bool(result.error or result.wrong)


def _failure(result: CaseResult) -> str:
    lines = [f"error: {result.error}"] if result.error else list(result.wrong)
    if result.blame:
        lines.append(f"failed at: {result.blame}")
    where = f"{result.split} {result.id} ({result.place}): {result.question}"
    return "\n  ".join([where, *lines])


def _checks(run: Run, show_test: bool) -> Iterator[str]:
    for check in run.checks:
        yield f"{check.title}: {check.held} of {check.measured}"
        yield from (f"  {line}" for line in broken(check, run, show_test))
    for gate in run.gates:
        blame = f" (to blame: {gate.stage})" if gate.stage and not gate.passed else ""
        yield f"gate {gate.name}: {'held' if gate.passed else 'FAILED'}, {gate.found}{blame}"


def _speed(timings: Timings) -> Iterator[str]:
    for timing in timings.products:
        if took := latency(timing):
            ratio = timing.total / sum(timing.answers.values())
            yield (
                f"{timing.product}: an answer takes {1000 * took[0]:.0f} ms, at 95 % "
                f"{1000 * took[1]:.0f} ms; the run {timing.total:.1f} s, {ratio:.2f} times its "
                f"answers; at most {timing.peak_mib:.0f} MiB"
            )
