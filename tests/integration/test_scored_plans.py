"""Twelve plans for real briefs make all ten points."""

from assistant.app import Assistant
from evals.plans.run import score_plans


def test_twelve_plans_make_all_ten_points(library: Assistant) -> None:
    found = score_plans(library)
    assert {name: points.lost for name, (_, points) in found.items() if points.lost} == {}
    assert len(found) == 12
