"""A run as one page that needs nothing else: no network, no fonts, no files beside it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.metrics import METRICS
from evals.report import plots, words
from evals.results import Estimate, Product, Run, Timings

_FOLDER = Path(__file__).parent
_BY_TOPIC = ("vital_recall", "outcome")  # what is drawn for every topic

_environment = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals |= {
    "METRICS": METRICS,
    "EXPLANATIONS": words.EXPLANATIONS,
    "STAGES": words.STAGES,
    "OUTCOMES": {
        "pass": "passed",
        "fail": "failed",
        "not_applicable": "does not apply",
        "error": "could not be measured",
    },
    "broken": words.broken,
    "difference": words.difference,
    "estimate": words.estimate,
    "failed_metrics": words.failed_metrics,
    "in_order": words.in_order,
    "latency": words.latency,
    "number": words.number,
    "seconds": words.seconds,
    "title": words.title,
}


def html(run: Run, timings: Timings | None = None, show_test: bool = False) -> str:
    """The page. Of test cases it shows names, measures and blame alone, unless `show_test`.

    Every text of a run is escaped: an answer is data, never markup.
    """
    columns = [(product, summary) for product in run.products for summary in product.summaries]
    summaries = [summary for _, summary in columns]
    asked = [
        (number, product, case)
        for number, product in enumerate(run.products)
        for case in product.cases
    ]
    return _environment.get_template("report.html").render(
        run=run,
        timings=timings,
        show_test=show_test,
        verdict=words.verdict(run),
        many=len(run.products) > 1,
        columns=columns,
        summaries=summaries,
        metrics=words.metric_names(summaries),
        classes=sorted({name for one in summaries for name in one.declined_by_class}),
        topics=sorted({topic for _, _, case in asked for topic in case.topics}),
        asked=asked,
        links=_links(run),
        plots=_plots(run, timings),
        style=_own("report.css"),
        script=_own("report.js"),
    )


def _own(name: str) -> Markup:
    """A file of ours, put in as it is."""
    return Markup((_FOLDER / name).read_text("utf-8"))


def _links(run: Run) -> set[str]:
    """The ids that have a row of the first product to jump to."""
    return {case.id for case in run.products[0].cases} if run.products else set()


def _topics(product: Product, metric: str) -> dict[str, dict[str, Estimate]]:
    """By split, then by topic."""
    return {
        summary.split: {
            topic: estimates[metric]
            for topic, estimates in summary.by_topic.items()
            if metric in estimates
        }
        for summary in product.summaries
    }


def _plots(run: Run, timings: Timings | None) -> list[tuple[Markup, str]]:
    """Pictures with what there is to see in them."""
    found = [
        (plots.by_topic(_topics(product, name), words.title(name)), words.EXPLANATIONS[name])
        for product in run.products[:1]
        for name in _BY_TOPIC
    ]
    caption = (
        "If only the questions with the highest confidence were answered: how many those are "
        "(to the right), and what share of them wrongly (upwards). The lower the better."
    )
    found.append((plots.risk_coverage(run.products), caption))
    if timings:
        found.append((plots.latencies(timings), "How long people wait. Steep and left is good."))
    if run.comparison:
        caption = (
            "Dots right of the line are better than the baseline, dots left of it worse. A line "
            "through a dot shows how sure that is: if it crosses zero, it may be chance. "
            "A triangle is a change that counts."
        )
        found.append((plots.changes(run.comparison.changes), caption))
    return [(Markup(drawn), caption) for drawn, caption in found if drawn]
