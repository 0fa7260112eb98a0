"""Twelve sessions prepared and scored."""

from pathlib import Path

from assistant.app import Assistant
from assistant.plans import SessionPlan
from assistant.resources import shipped_coaching
from evals.plans.scoring import Points, Rubric, read_briefs

BRIEFS = Path(__file__).parents[1] / "datasets" / "sessions" / "briefs.yaml"


def score_plans(
    assistant: Assistant, briefs: Path = BRIEFS
) -> dict[str, tuple[SessionPlan, Points]]:
    """The plan of each brief and its points, by the brief's id. Raises AssistantError if one
    cannot be prepared."""
    rubric = Rubric(shipped_coaching(), assistant.show)
    found = {}
    for brief in read_briefs(briefs):
        plan = assistant.coach(brief.says, preparing=True)
        if not isinstance(plan, SessionPlan):
            raise ValueError(f"{brief.id} is not taken for a brief")
        found[brief.id] = (plan, rubric.points(plan, brief.wants))
    return found
