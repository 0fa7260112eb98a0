"""Pictures of a run as SVG, to be put into a page: its text and axes take the page's colour."""

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.report.words import difference, estimate, latency, number, seconds, title
from evals.results import Change, Estimate, Product, Timings

# From the palette of Okabe and Ito, which the colour-blind can tell apart. These four have a
# contrast of 3 : 1 and more to white and to the dark page. Shapes and dashes differ, too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a8649b")
_INK = "#010203"  # stands for the colour of the page's text, which is not known here
_WIDTH = 5.0  # inches: 360 units, so that text of 10 units can be read on a phone
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evaluation",
    "font.size": 10,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
} | dict.fromkeys(
    ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK
)
_DASHES = {"dev": "-", "test": "--"}
_MARKS = {"improved": ("^", COLOURS[2]), "no change": ("o", _INK), "regressed": ("v", COLOURS[1])}


def by_topic(splits: Mapping[str, Mapping[str, Estimate]], name: str) -> str | None:
    """A bar with its interval for every split and topic. None without anything measured.

    `splits` gives estimates by split and topic. `name` says what they are.
    """
    bars = [
        (topic, split, one, one.mean)
        for split, estimates in splits.items()
        for topic, one in estimates.items()
        if one.mean is not None
    ]
    if not bars:
        return None
    means: dict[str, list[float]] = {}
    for topic, _, _, mean in bars:
        means.setdefault(topic, []).append(mean)
    topics = sorted(means, key=lambda topic: (means[topic][0], topic))
    thick = 0.8 / len(splits)
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(1.0 + 0.24 * len(splits) * len(topics))
        for order, split in enumerate(splits):
            shown = [(t, one, mean) for t, where, one, mean in bars if where == split]
            places = [topics.index(t) + 0.4 - thick * (order + 0.5) for t, _, _ in shown]
            values = [mean for _, _, mean in shown]
            reach = np.array([_reach(one, mean) for _, one, mean in shown]).T
            if shown:
                colour = COLOURS[order % len(COLOURS)]
                axes.barh(places, values, height=0.9 * thick, color=colour, label=split)
                axes.errorbar(values, places, xerr=reach, fmt="none", ecolor=_INK, capsize=2)
        axes.set_yticks(range(len(topics)), topics)
        axes.set_xlim(0, 1.02)
        axes.set_xlabel(name)
        axes.margins(y=0.02)
        if len(splits) > 1:
            figure.legend(loc="outside upper right", ncols=len(splits))
        low, high = min(bars, key=lambda bar: bar[3]), max(bars, key=lambda bar: bar[3])
        gist = "; ".join(
            f"{word} {topic} ({split}) {estimate(one)}"
            for word, (topic, split, one, _) in (("lowest", low), ("highest", high))
        )
        return _svg(figure, name, f"{name} by topic, {len(topics)} topics: {gist}.")


def risk_coverage(products: Sequence[Product]) -> str | None:
    """The share of wrong answers over the share of questions answered. None without points."""
    lines = [
        (f"{product.name} {summary.split}", COLOURS[place % len(COLOURS)], summary)
        for place, product in enumerate(products)
        for summary in product.summaries
        if summary.risk_coverage
    ]
    if not lines:
        return None
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(3.4)
        for name, colour, summary in lines:
            points = sorted((point.coverage, point.risk) for point in summary.risk_coverage)
            xs, ys = zip(*points, strict=True)
            dashes = _DASHES[summary.split]
            axes.plot(xs, ys, dashes, color=colour, marker=".", markersize=4, label=name)
        axes.axhline(0.05, color=_INK, linewidth=0.8, linestyle=":")
        axes.annotate("5 % wrong", (1, 0.05), (0, 2), textcoords="offset points", ha="right")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("share of questions answered")
        axes.set_ylabel("share of those wrong")
        axes.legend()
        gist = "; ".join(
            f"{name}: {number(summary.coverage_at_risk)} answered at 5 % wrong, "
            f"mean risk {number(summary.aurc)}"
            for name, _, summary in lines
        )
        return _svg(figure, "risk-coverage", f"Risk and coverage. {gist}.")


def latencies(timings: Timings) -> str | None:
    """The share of answers that were there within a time. None without answers."""
    timed = [(one, taken) for one in timings.products if (taken := latency(one))]
    if not timed:
        return None
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(3.0)
        for (timing, _), colour in zip(timed, COLOURS * len(timed), strict=False):
            axes.ecdf(list(timing.answers.values()), color=colour, label=timing.product)
        for share in (0.5, 0.95):
            axes.axhline(share, color=_INK, linewidth=0.8, linestyle=":")
        axes.set_yticks([0, 0.5, 0.95], ["0", "half", "95 %"])
        axes.set_ylim(0, 1.02)
        axes.set_xlim(left=0)
        axes.set_xlabel("seconds until the answer is there")
        axes.set_ylabel("share of answers")
        if len(timed) > 1:
            axes.legend(loc="lower right")
        gist = "; ".join(
            f"{timing.product}: half within {seconds(middle)}, 95 % within {seconds(slow)}"
            for timing, (middle, slow) in timed
        )
        return _svg(figure, "latency", f"Time to an answer. {gist}.")


def changes(found: Sequence[Change]) -> str | None:
    """A dot with its interval for every metric that was compared. None without any."""
    compared = [(one, one.difference) for one in reversed(found) if one.difference is not None]
    if not compared:
        return None
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(0.9 + 0.3 * len(compared))
        for place, (change, value) in enumerate(compared):
            mark, colour = _MARKS.get(change.verdict, ("x", _INK))
            error = np.array([_reach(change, value)]).T
            axes.errorbar(value, place, xerr=error, fmt=mark, color=colour, capsize=3)
        axes.axvline(0, color=_INK, linewidth=0.8)
        names = [f"{title(one.metric)} ({one.split})" for one, _ in compared]
        axes.set_yticks(range(len(compared)), names)
        axes.set_ylim(-0.6, len(compared) - 0.4)
        axes.set_xlabel("worse  ←  0  →  better")
        worse = [
            f"{title(one.metric)} ({one.split}) {difference(one.difference, one.low, one.high)}"
            for one, _ in reversed(compared)
            if one.verdict == "regressed"
        ]
        gist = f"Worse: {', '.join(worse)}." if worse else "None is worse."
        label = f"Changes of {len(compared)} measures against the baseline. {gist}"
        return _svg(figure, "changes", label)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _reach(found: Estimate | Change, middle: float) -> tuple[float, float]:
    """How far the interval reaches to both sides; nowhere where there is none."""
    low = middle if found.low is None else found.low
    high = middle if found.high is None else found.high
    return max(0.0, middle - low), max(0.0, high - middle)


def _svg(figure: Figure, name: str, label: str) -> str:
    """The picture for a page: no prolog and no addresses of namespaces, ids that are its own."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    own = re.sub(r"[^a-z0-9]+", "-", name.lower())
    drawn = text.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>|<style .*?</style>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{own}-", drawn).replace("xlink:href", "href")
    box = re.search(r'viewBox="[^"]*"', drawn)
    assert box is not None
    opening = f'<svg class="plot" role="img" aria-label="{escape(label)}" {box[0]}>'
    return re.sub(r"<svg [^>]*>", lambda _: opening, drawn, count=1).replace(_INK, "currentColor")
