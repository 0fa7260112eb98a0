"""Numbers and names as every report writes them, and the one sentence that judges a run."""

import re
from collections.abc import Collection, Sequence

import numpy as np

from evals.metrics import METRICS
from evals.results import CaseResult, CheckResult, Estimate, Run, Stage, Summary, Timing

UNMEASURED = "not measured"

# For maintainers and coaches: what 1.00 would mean.
EXPLANATIONS = {
    "outcome": "Share of questions that were answered if they can be, and declined if not.",
    "vital_recall": "Share of the facts a right answer must have that the answer gives.",
    "nugget_recall": "The same for all facts, those that are merely good to have among them.",
    "first_citation": "How often the first source cited is one that answers the question.",
    "gold_found": "How often a right document is among the first five passages found.",
    "evidence_found": "Share of the vital facts whose wording is in the first five passages.",
    "ndcg": "How near the top the right documents stand among the first ten; 1 is ideal order.",
    "reciprocal_rank": "One divided by the place of the first right document: 1, 1/2, 1/3 …",
    "two_sources": "Where sources differ: how often the answer cites at least two of them.",
    "integrity": "How often every quote is the document's text, at the place it names.",
    "permitted": "How often the answer says nothing that it must not say.",
}

STAGES: dict[Stage, str] = {
    "deciding": "answered what it should decline, or declined what it should answer",
    "search": "no right document was among the first five passages",
    "passages": "the right document was found, but not all of the evidence",
    "composing": "the evidence was found, but the answer does not say it",
    "citing": "a citation is not the document's exact text",
}


def verdict(run: Run) -> str:
    """One sentence that follows from the exit code, and names the gates that failed."""
    failed = [gate.name for gate in run.gates if not gate.passed]
    named = f"{len(failed)} of {len(run.gates)} gates failed ({', '.join(failed)})"
    if run.exit_code == 0:
        sentence = (
            "Passed" if failed else f"Passed: {len(run.gates)} of {len(run.gates)} gates hold"
        )
    elif run.exit_code == 1:
        sentence = "Failed"
    elif run.exit_code == 2:
        reason = run.comparison.reason.rstrip(".") if run.comparison else ""
        sentence = "Not comparable with the baseline" + (f" ({reason})" if reason else "")
    else:
        asked = run.products[0].summaries if run.products else ()
        errors, cases = sum(s.errors for s in asked), sum(s.cases for s in asked)
        sentence = f"Too many errors ({errors} of {cases} questions)"
    return f"{sentence}: {named}." if failed else f"{sentence}."


def number(value: float | None, signed: bool = False) -> str:
    """Two decimals, or as many as it takes that what is not quite 0 or 1 does not read so."""
    if value is None:
        return UNMEASURED
    for digits in (2, 3, 4):
        text = f"{value + 0.0:{'+' if signed else ''}.{digits}f}"
        if abs(float(text)) not in (0.0, 1.0) or float(text) == value:
            return text
    return f"{value:{'+' if signed else ''}g}"


def estimate(found: Estimate | None) -> str:
    """Such as `0.62 [0.57–0.67] n=113`, with errors named if there are any."""
    if found is None or found.mean is None:
        errors = found.errors if found else 0
        return UNMEASURED + _errors(errors)
    interval = ""
    if found.low is not None and found.high is not None:
        interval = f" [{number(found.low)}–{number(found.high)}]"
    return f"{number(found.mean)}{interval} n={found.n}{_errors(found.errors)}"


def _errors(count: int) -> str:
    return f" ({count} error{'s' if count > 1 else ''})" if count else ""


def difference(value: float | None, low: float | None, high: float | None) -> str:
    """Such as `-0.04 [-0.09 to +0.01]`."""
    if value is None or low is None or high is None:
        return number(value, signed=True)
    return f"{number(value, True)} [{number(low, True)} to {number(high, True)}]"


def title(metric: str) -> str:
    """The metric's title for people."""
    return METRICS[metric].title if metric in METRICS else metric.replace("_", " ")


def metric_names(summaries: Sequence[Summary]) -> list[str]:
    """The metrics of any of the summaries, in the order in which they are defined."""
    return in_order({name for summary in summaries for name in summary.estimates})


def in_order(names: Collection[str]) -> list[str]:
    """Metrics in the order in which they are defined, then others by name."""
    return [name for name in METRICS if name in names] + sorted(set(names) - METRICS.keys())


def failed_metrics(case: CaseResult) -> list[str]:
    """Titles of the metrics that the case failed."""
    return [
        title(name) for name in in_order(case.measures) if case.measures[name].outcome == "fail"
    ]


def broken(check: CheckResult, run: Run, show_test: bool = False) -> list[str]:
    """What did not hold, as far as it may be told: of test cases their ids, of dev cases all.

    A line belongs to the case whose id it begins with. One of no case is told with the test
    texts alone, as it may hold any.
    """
    if show_test:
        return list(check.broken)
    splits = {case.id: case.split for product in run.products for case in product.cases}
    told = []
    for line in check.broken:
        name = re.split(r"[^a-z0-9-]", line, maxsplit=1)[0]
        if name in splits:
            told.append(line if splits[name] == "dev" else name)
    return told


def latency(timing: Timing) -> tuple[float, float] | None:
    """Median and 95th percentile of the answers, in seconds. None without any."""
    if not timing.answers:
        return None
    middle, slow = np.percentile(list(timing.answers.values()), [50, 95])
    return float(middle), float(slow)


def seconds(value: float) -> str:
    """Three significant digits with the unit."""
    return f"{value:.3g} s"
