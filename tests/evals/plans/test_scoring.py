"""The ten points of a plan: each is lost by a plan that deserves it."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.plans import DiscussionPrompt, Objective, PlannedAction, SessionPlan
from assistant.resources import shipped_coaching
from evals.plans.run import BRIEFS
from evals.plans.scoring import Points, Rubric, read_briefs
from evals.plans.table import points_table
from tests.coaching.sample import QUOTES, sample_brief, sample_plan

WANTS = {"stage": "exploration", "minutes": 90, "sector": "education"}
PLAN = sample_plan(
    objectives=(
        Objective(text="agreed one", product="A cause that the team agrees to test", item=4),
        Objective(text="agreed who does what", product="The list of actions", item=7),
    )
)


def points(plan: SessionPlan, wants: dict[str, Any] | None = None) -> Points:
    def show(name: str) -> tuple[str, str]:
        return "0" * 64, " " * 100 + QUOTES[int(name[-1]) - 1]

    return Rubric(shipped_coaching(), show).points(plan, wants or WANTS)


def with_agenda(**changes: Any) -> Callable[[SessionPlan], SessionPlan]:
    """A plan with other values in the item of its activity."""

    def change(plan: SessionPlan) -> SessionPlan:
        agenda = tuple(
            item.model_copy(update=changes) if item.activity else item for item in plan.agenda
        )
        return plan.model_copy(update={"agenda": agenda})

    return change


def setting(**changes: Any) -> Callable[[SessionPlan], SessionPlan]:
    return lambda plan: plan.model_copy(update=changes)


def test_a_handmade_plan_makes_every_point_but_that_of_the_coaching_data() -> None:
    assert points(PLAN).lost == ["nothing_is_invented"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("times_add_up", with_agenda(minutes=1)),
        ("fits_the_stage", setting(brief=sample_brief(stage="scaling"))),
        (
            "objectives_have_products",
            setting(
                objectives=(Objective(text="talked", product="Nothing", item=4), PLAN.objectives[1])
            ),
        ),
        ("activities_fit_the_group", setting(brief=sample_brief(size=20))),
        (
            "prompts_are_open",
            setting(prompts=(DiscussionPrompt(text="Is it your fault?", about="equity"),)),
        ),
        (
            "equity_and_voice",
            setting(prompts=(DiscussionPrompt(text="What now?", about="stage"),)),
        ),
        (
            "actions_can_be_assigned",
            setting(actions=(PlannedAction(action="Ask.", success_sign="Asked", owner="Ann"),)),
        ),
        ("citations_are_real", setting(ideas=())),
        ("words_of_the_sector", with_agenda(aim="Begin from what patients need.")),
    ],
)
def test_a_point_is_lost_where_it_should_be(
    name: str, change: Callable[[SessionPlan], SessionPlan]
) -> None:
    wants = WANTS | ({"size": 8} if name == "activities_fit_the_group" else {})
    assert name in points(change(PLAN), wants).lost
    assert name not in points(PLAN, wants).lost


def test_a_quote_that_is_not_in_its_document_loses_the_point() -> None:
    rubric = Rubric(shipped_coaching(), lambda _: ("0" * 64, "Another text altogether."))
    assert "citations_are_real" in rubric.points(PLAN, WANTS).lost


def test_there_are_twelve_briefs_of_every_stage_sector_and_mode() -> None:
    briefs = read_briefs(BRIEFS)
    assert len({brief.id for brief in briefs}) == 12
    assert {brief.wants["stage"] for brief in briefs} == {
        "exploration", "installation", "initial", "full", "scaling", "sustainment",
    }  # fmt: skip
    assert len({brief.wants["sector"] for brief in briefs}) == 4
    assert {brief.wants.get("mode") for brief in briefs} >= {"room", "online", "hybrid"}


def test_the_table_names_what_was_lost() -> None:
    table = points_table({"reading": (PLAN, points(PLAN))})
    assert " 9/10" in table
    assert "lost: nothing_is_invented" in table
    assert "Five whys" in table
