"""A run as Markdown, for the summary page of a build. Names and numbers, and no texts."""

from collections.abc import Iterable, Sequence

from evals.report.words import (
    STAGES,
    difference,
    estimate,
    latency,
    metric_names,
    number,
    seconds,
    title,
    verdict,
)
from evals.results import Comparison, Product, Run, Summary, Timings

_LISTED = 100  # ids of one list: enough to act on, and far from the size limit of a summary page


def markdown(run: Run, timings: Timings | None = None) -> str:
    """The verdict, then numbers with dev and test side by side, gates, checks and changes."""
    columns = [(p, s) for p in run.products for s in p.summaries]
    parts = [
        "## Evaluation",
        f"**{_safe(verdict(run))}**",
        *_numbers(columns, many=len(run.products) > 1),
        *_gates(run),
        *_checks(run),
        *(_comparison(run.comparison) if run.comparison else ()),
        *_blame(columns, many=len(run.products) > 1),
        *(_times(timings) if timings and timings.products else ()),
    ]
    return "\n\n".join(parts) + "\n"


def _numbers(columns: Sequence[tuple[Product, Summary]], many: bool) -> list[str]:
    if not columns:
        return []
    summaries = [summary for _, summary in columns]
    rows = [["questions", *(str(s.cases) for s in summaries)]]
    rows.append(["could not be asked", *(str(s.errors) for s in summaries)])
    rows += [
        [title(name), *(estimate(s.estimates.get(name)) for s in summaries)]
        for name in metric_names(summaries)
    ]
    rows += [
        ["abstention, macro F1", *(number(s.abstention.macro) for s in summaries)],
        ["confidence AUROC", *(number(s.auroc) for s in summaries)],
        ["area under risk-coverage", *(number(s.aurc) for s in summaries)],
        ["answered at 5 % wrong", *(number(s.coverage_at_risk) for s in summaries)],
    ]
    return ["### Numbers", _table(["", *_heads(columns, many)], rows)]


def _gates(run: Run) -> list[str]:
    rows = [
        [g.name, "holds" if g.passed else "**failed**", g.found, "" if g.passed else g.stage or ""]
        for g in run.gates
    ]
    return ["### Gates", _table(["gate", "", "found", "to blame"], rows)] if rows else []


def _checks(run: Run) -> list[str]:
    rows = [
        [
            check.title,
            "holds" if check.passed else "**failed**",
            f"{check.held} of {check.measured}",
            "for information" if check.bound is None else f"{check.bound:.0%}",
        ]
        for check in run.checks
    ]
    return ["### Checks", _table(["check", "", "held", "must hold"], rows)] if rows else []


def _comparison(comparison: Comparison) -> list[str]:
    reason = f" {_safe(comparison.reason)}" if comparison.reason else ""
    parts = ["### Compared with the baseline", f"**{comparison.verdict.capitalize()}.**{reason}"]
    rows = [
        [
            change.split,
            title(change.metric),
            number(change.old),
            number(change.new),
            difference(change.difference, change.low, change.high),
            "" if change.p is None else f"{change.p:.3f}",
            str(change.n),
            f"**{change.verdict}**" if change.verdict == "regressed" else change.verdict,
        ]
        for change in comparison.changes
    ]
    if rows:
        heads = ["split", "metric", "old", "new", "difference", "p", "n", "verdict"]
        parts.append(_table(heads, rows))
    for name, ids in (
        ("Newly failing", comparison.newly_failing),
        ("Newly passing", comparison.newly_passing),
        ("Citations changed", comparison.citations_changed),
    ):
        parts.append(f"{name} ({len(ids)}): {_ids(ids)}" if ids else f"{name}: none")
    if comparison.blame:
        changes = (f"{stage} {count:+d}" for stage, count in sorted(comparison.blame.items()))
        parts.append(f"Failures by stage, against the baseline: {', '.join(changes)}")
    return parts


def _blame(columns: Sequence[tuple[Product, Summary]], many: bool) -> list[str]:
    rows = [
        [f"{stage}: {meaning}", *(str(s.blame.get(stage, 0)) for _, s in columns)]
        for stage, meaning in STAGES.items()
        if any(s.blame.get(stage) for _, s in columns)
    ]
    if not rows:
        return []
    return ["### Where failures began", _table(["stage", *_heads(columns, many)], rows)]


def _times(timings: Timings) -> list[str]:
    rows = []
    for timing in timings.products:
        taken = latency(timing)
        answers = [seconds(value) for value in taken] if taken else ["no answers"] * 2
        rows.append([timing.product, *answers, seconds(timing.total), f"{timing.peak_mib:.0f} MiB"])
    heads = ["", "half of the answers within", "95 % within", "whole run", "peak memory"]
    return ["### Time and memory", _table(heads, rows)]


def _heads(columns: Sequence[tuple[Product, Summary]], many: bool) -> list[str]:
    return [f"{p.name} {s.split}" if many else s.split for p, s in columns]


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return ", ".join(f"`{_safe(name)}`" for name in ids[:_LISTED]) + more


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_safe(cell) for cell in line)} |" for line in lines)


def _safe(text: str) -> str:
    """Nothing that would end a cell, or be read as HTML."""
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
