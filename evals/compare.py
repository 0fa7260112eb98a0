"""Whether a run is better or worse than an earlier one, and the baseline that is kept for it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.errors import UsageError, field_fault
from evals.metrics import Metric
from evals.results import CaseResult, Change, Comparison, Measure, Product, Stage, Verdict
from evals.statistics import paired_interval, paired_p

SIGNIFICANT = 0.05
_WORST_FIRST: tuple[Verdict, ...] = ("not comparable", "regressed", "improved", "no change")

_Split = Literal["dev", "test"]
_Pair = tuple[CaseResult, CaseResult]


def compare(old: Product, new: Product, metrics: Mapping[str, Metric]) -> Comparison:
    """What changed from `old` to `new`, by metric and split, over the cases measured in both.

    A metric regressed if it lost more than its tolerance with p below 0.05, and a hard one if any
    case lost; it improved likewise. There is no correction for the number of metrics: of forty
    that did not change, about one is expected to be called regressed, and one improved.

    The runs are not comparable if their cases or the definitions of their metrics differ, if a
    metric was measured in one and not in the other for most cases, or if nothing was measured in
    both. That comes before all other verdicts, and after it regressed, improved and no change. A
    metric that applies to no case of a split has no change there.
    """
    reason = _reason_against(old, new)
    if reason:
        return _not_compared(reason)
    before = {case.id: case for case in old.cases}
    pairs = sorted(((before[case.id], case) for case in new.cases), key=lambda pair: pair[1].id)
    changes = _changes(pairs, metrics)
    if not changes:
        return _not_compared("nothing was measured in both runs")
    verdicts = {change.verdict for change in changes}
    verdict = next(verdict for verdict in _WORST_FIRST if verdict in verdicts)
    named = [
        f"{c.split} {c.metric}" + (f" {c.reason}" if verdict == "not comparable" else "")
        for c in changes
        if c.verdict == verdict
    ]
    return Comparison(
        verdict=verdict,
        reason="" if verdict == "no change" else "; ".join(named),
        changes=changes,
        newly_failing=tuple(b.id for a, b in pairs if _bad(b) and not _bad(a)),
        newly_passing=tuple(b.id for a, b in pairs if _bad(a) and not _bad(b)),
        citations_changed=tuple(b.id for a, b in pairs if _spans(a) != _spans(b)),
        blame=_blame(pairs),
    )


def write_baseline(path: Path, product: Product) -> None:
    """Keep a product to compare with: its numbers and where it cited, and no texts.

    Equal products are equal bytes. Raises UsageError if the file cannot be written.
    """
    cases = ",\n".join(
        json.dumps(_bare(case).model_dump(mode="json", exclude_defaults=True), sort_keys=True)
        for case in product.cases
    )
    rest = product.model_dump(mode="json", include={"name", "fingerprint"})
    # A case a line, so that a change of the baseline can be read as one of so many cases.
    text = f'{json.dumps(rest, sort_keys=True)[:-1]}, "summaries": [], "cases": [\n{cases}\n]}}\n'
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error}.", "Name another file.") from error


def read_baseline(path: Path) -> Product:
    """A product as `write_baseline` keeps it. Raises UsageError for a missing or broken file."""
    remedy = "Keep a good run as the baseline: `python -m evals compare RESULTS --update-baseline`."
    try:
        return Product.model_validate_json(path.read_text("utf-8"))
    except ValidationError as error:
        fault = field_fault(error.errors()[0], "the file")
        problem = f"{path} is no baseline of this version: {fault}."
        # It does not update over a broken file, but writes where there is none.
        raise UsageError(problem, f"Delete it. {remedy}") from error
    except FileNotFoundError as error:
        raise UsageError(f"There is no baseline {path}.", remedy) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Name another file.") from error


def comparison_table(comparison: Comparison) -> str:
    """The comparison for a terminal: a line for each metric and split, then cases by their ids."""
    header = ("split", "metric", "old", "new", "difference", "p", "n", "verdict")
    rows = [header, *(_row(change) for change in comparison.changes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [_aligned(row, widths) for row in rows] if comparison.changes else []
    lines += [
        f"{change.split} {change.metric}: {change.reason}"
        for change in comparison.changes
        if change.reason
    ]
    for title, ids in (
        ("newly failing", comparison.newly_failing),
        ("newly passing", comparison.newly_passing),
        ("citations changed", comparison.citations_changed),
    ):
        if ids:
            lines.append(f"{title} ({len(ids)}): {', '.join(ids)}")
    if comparison.blame:
        stages = ", ".join(f"{stage} {n:+d}" for stage, n in comparison.blame.items())
        lines.append(f"failures by stage: {stages}")
    reason = f" ({comparison.reason})" if comparison.reason else ""
    lines.append(f"verdict: {comparison.verdict}{reason}")
    return "\n".join(lines)


def _reason_against(old: Product, new: Product) -> str:
    """Why the two cannot be compared at all; empty if they can."""
    reasons = []
    if old.fingerprint.metrics != new.fingerprint.metrics:
        versions = f"{old.fingerprint.metrics} and {new.fingerprint.metrics}"
        reasons.append(f"versions of the metrics differ: {versions}")
    before, after = ([case.id for case in product.cases] for product in (old, new))
    if sorted(before) != sorted(after):
        gone, added = len(set(before) - set(after)), len(set(after) - set(before))
        reasons.append(f"cases differ: {gone} only in the old run, {added} only in the new")
    elif old.fingerprint.cases != new.fingerprint.cases:
        reasons.append("cases differ in what they say")
    return "; ".join(reasons)


def _not_compared(reason: str) -> Comparison:
    return Comparison(
        verdict="not comparable", reason=reason, changes=(),
        newly_failing=(), newly_passing=(), citations_changed=(), blame={},
    )  # fmt: skip


def _changes(pairs: Sequence[_Pair], metrics: Mapping[str, Metric]) -> tuple[Change, ...]:
    splits: tuple[_Split, ...] = ("dev", "test")
    found = (
        _change(split, name, metric, [pair for pair in pairs if pair[1].split == split])
        for split in splits
        for name, metric in metrics.items()
    )
    return tuple(change for change in found if change)


def _change(split: _Split, name: str, metric: Metric, pairs: Sequence[_Pair]) -> Change | None:
    """The change of a metric in one split; None if it applies to nothing there."""
    both, missing = _measured_in_both(name, pairs)
    unknown = sum(_unknown(a, name) and _unknown(b, name) for a, b in pairs)
    if missing > len(both) or 2 * unknown > len(pairs):
        reason = f"measured in both runs for {len(both)} cases, in one alone for {missing}"
        return Change(
            split=split, metric=name, old=None, new=None, difference=None, low=None, high=None,
            p=None, n=len(both), tolerance=metric.tolerance, verdict="not comparable",
            reason=f"{reason}, unknown in both for {unknown}",
        )  # fmt: skip
    if not both:
        return None
    old, new = [a for _, a, _ in both], [b for _, _, b in both]
    clusters = [case.cluster for case, _, _ in both]
    difference = round((fsum(new) - fsum(old)) / len(both), 6) + 0.0
    p = paired_p(old, new, clusters)
    interval = paired_interval(old, new, clusters)
    lost = [case.id for case, a, b in both if b < a]
    gained = any(b > a for _, a, b in both)
    reasons = [f"lost in {', '.join(lost)}"] if metric.hard and lost else []
    if missing:
        reasons.append(f"{missing} more cases were measured in one run alone")
    return Change(
        split=split,
        metric=name,
        old=round(fsum(old) / len(both), 6),
        new=round(fsum(new) / len(both), 6),
        difference=difference,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        p=p,
        n=len(both),
        tolerance=metric.tolerance,
        verdict=_hard(bool(lost), gained) if metric.hard else _soft(difference, p, metric),
        reason="; ".join(reasons),
    )


def _hard(lost: bool, gained: bool) -> Verdict:
    return "regressed" if lost else "improved" if gained else "no change"


def _soft(difference: float, p: float, metric: Metric) -> Verdict:
    if p >= SIGNIFICANT or abs(difference) <= metric.tolerance:
        return "no change"
    return "improved" if difference > 0 else "regressed"


def _measured_in_both(
    name: str, pairs: Sequence[_Pair]
) -> tuple[list[tuple[CaseResult, float, float]], int]:
    """The cases with a value in both runs, and the number of those with one in one run alone."""
    values = [(b, _value(a, name), _value(b, name)) for a, b in pairs]
    both = [(case, x, y) for case, x, y in values if x is not None and y is not None]
    return both, sum((x is None) != (y is None) for _, x, y in values)


def _value(case: CaseResult, name: str) -> float | None:
    measure = case.measures.get(name)
    return measure.value if measure else None


def _unknown(case: CaseResult, name: str) -> bool:
    """Whether it was neither measured nor found not to apply."""
    measure = case.measures.get(name)
    return measure is None or measure.outcome == "error"


def _bad(case: CaseResult) -> bool:
    return case.failed or case.error is not None


def _spans(case: CaseResult) -> list[tuple[str, int, int]]:
    return [(cited.document_id, cited.start, cited.end) for cited in case.citations]


def _blame(pairs: Iterable[_Pair]) -> dict[Stage, int]:
    change: Counter[Stage] = Counter()
    for old, new in pairs:
        if new.blame:
            change[new.blame] += 1
        if old.blame:
            change[old.blame] -= 1
    return {stage: change[stage] for stage in sorted(change) if change[stage]}


def _bare(case: CaseResult) -> CaseResult:
    """The case without the texts of questions, answers, documents and errors."""
    return case.model_copy(
        update={
            "question": "",
            "history": (),
            "answer": "",
            "citations": tuple(
                cited.model_copy(update={"section": "", "quote": ""}) for cited in case.citations
            ),
            "retrieved": (),
            "measures": {name: _bare_measure(found) for name, found in case.measures.items()},
            "wrong": (),
            "error": None if case.error is None else "error",
        }
    )


def _bare_measure(measure: Measure) -> Measure:
    unmeasured = measure.value is None
    return measure.model_copy(update={"reason": measure.outcome if unmeasured else ""})


def _row(change: Change) -> tuple[str, ...]:
    difference = _number(change.difference, "+.3f")
    if change.low is not None and change.high is not None:
        difference += f" [{change.low:+.3f}, {change.high:+.3f}]"
    return (
        change.split,
        change.metric,
        _number(change.old, ".3f"),
        _number(change.new, ".3f"),
        difference,
        _number(change.p, ".3f"),
        str(change.n),
        change.verdict,
    )


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()
