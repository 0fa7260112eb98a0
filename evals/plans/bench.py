"""How long plans and files take: plans beside answers, files in seconds of CPU."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, get_args

from assistant.app import Assistant
from assistant.plans import SessionPlan
from assistant.takeaway.export import Format, take_away
from evals.bench.answers import QUESTIONS
from evals.plans.run import BRIEFS
from evals.plans.scoring import read_briefs

GOAL_RATIO, GOAL_SECONDS = 10, 1.5
_ROUNDS = 3


def run_plans_bench(assistant: Assistant) -> dict[str, Any]:
    """The CPU time of a plan in that of an answer, both warm, and of every kind of file. What the
    guidance says to the questions of the coaching data is remembered, so that plans are timed when
    they are made for the first time."""
    briefs = [one.says for one in read_briefs(BRIEFS)]
    answers = [assistant.ask(question) for question in QUESTIONS]
    assistant.coach(briefs[0], preparing=True)  # the coaching data are read and encoded
    first = [_time(lambda text: assistant.coach(text, preparing=True), text) for text in briefs[1:]]
    plans = [assistant.coach(text, preparing=True) for text in briefs]
    answering = _times(lambda text: assistant.ask(text), QUESTIONS)
    preparing = _times(lambda text: assistant.coach(text, preparing=True), briefs)
    largest = max(
        (plan for plan in plans if isinstance(plan, SessionPlan)), key=lambda p: p.total_minutes
    )
    series = assistant.prepare_series(largest.brief, 6, "a year")
    made: dict[str, Any] = {
        "answer": answers[0], "conversation of 20": [*answers, *answers], "plan": largest,
        "six sessions": series,
    }  # fmt: skip
    files: dict[str, dict[str, float]] = {}
    for name, what in made.items():
        for form in get_args(Format):
            if form == "ics" or (form == "pptx" and name in ("answer", "conversation of 20")):
                continue
            take_away(what, form)  # loads the libraries
            (seconds,) = _times(partial(take_away, form=form), [what])
            files.setdefault(name, {})[form] = round(seconds, 3)
    return {
        "answer": round(statistics.median(answering), 3),
        "plan": round(statistics.median(first), 3),
        "ratio": round(statistics.median(first) / statistics.median(answering), 1),
        "slowest_ratio": round(max(first) / statistics.median(answering), 1),
        "again_ratio": round(statistics.median(preparing) / statistics.median(answering), 1),
        "files": files,
    }


def _times(do: Callable[[Any], object], inputs: Sequence[Any]) -> list[float]:
    """Seconds of CPU for each input, the least of some rounds. A round goes through all of them,
    so that nothing is remembered of the one before."""
    rounds = []
    for _ in range(_ROUNDS):
        rounds.append([_time(do, one) for one in inputs])
    return [min(times) for times in zip(*rounds, strict=True)]


def _time(do: Callable[[Any], object], one: Any) -> float:
    began = time.process_time()
    do(one)
    return time.process_time() - began


def plans_bench_table(found: dict[str, Any]) -> str:
    """The measurements beside their goals."""
    lines = [
        f"a new plan / an answer, median    {found['ratio']:6} <= {GOAL_RATIO}",
        f"the slowest plan / an answer      {found['slowest_ratio']:6} <= {GOAL_RATIO}",
        f"the same plan again / an answer   {found['again_ratio']:6}",
        f"(an answer {found['answer']} s of CPU, a plan {found['plan']} s)",
        f"files, seconds of CPU (goal {GOAL_SECONDS})",
    ]
    for name, forms in found["files"].items():
        shown = "  ".join(f"{form} {seconds}" for form, seconds in forms.items())
        lines.append(f"  {name:20} {shown}")
    return "\n".join(lines)
