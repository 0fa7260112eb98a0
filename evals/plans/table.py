"""The points of plans as a table."""

from collections.abc import Mapping
from dataclasses import fields

from assistant.plans import SessionPlan
from evals.plans.scoring import Points


def points_table(found: Mapping[str, tuple[SessionPlan, Points]]) -> str:
    """A line for each plan: what it is for, its activities, and the points it lost."""
    most = len(fields(Points))
    lines = []
    for name, (plan, points) in found.items():
        brief = plan.brief
        activities = ", ".join(item.title for item in plan.agenda if item.activity)
        lost = f"  lost: {', '.join(points.lost)}" if points.lost else ""
        lines += [
            f"{name:22} {most - len(points.lost):2}/{most}  {brief.stage.value}, "
            f"{brief.minutes} min, {brief.setting}, {brief.size} people, {brief.mode}{lost}",
            f"{'':28} {activities}",
        ]
    made = sum(most - len(points.lost) for _, points in found.values())
    lines.append(f"{'all':22} {made}/{most * len(found)}")
    return "\n".join(lines)
