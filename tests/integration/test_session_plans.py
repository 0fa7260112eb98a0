"""Session plans with the real model and the shipped library, scored as a coach would score them.

The ten points: time sums, stage fit, objectives with products, activities for size and mode,
open prompts, equity and voice, assignable actions, real citations, words of the sector, and
nothing made up about the team.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from assistant.app import Assistant
from assistant.coaching.bank import Bank, read_bank
from assistant.coaching.brief import make_brief
from assistant.errors import BriefError
from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Stage
from assistant.resources import shipped_coaching

EXPLORATION, INSTALLATION, INITIAL, FULL, SCALING, SUSTAINMENT = Stage
OPEN = frozenset("what which how who whose where when if".split())
BLAME = re.compile(r"\bwhy (?:did|do|didn't|don't|haven't) (?:you|they|we)\b|\bfault\b", re.I)
OWN_WORDS = {
    "education": "pupils? teachers? headteachers? school classrooms?",
    "health": "patients? nurses? wards? clinical hospitals?",
    "social-care": "care.staff care.homes?",
    "public-services": "service.users councils?",
}
BRIEFS: dict[str, dict[str, Any]] = {
    "twenty minutes for two": {
        "stage": EXPLORATION, "minutes": 20, "setting": "ward", "size": 2, "mode": "room",
    },
    "a choice in a school": {
        "stage": EXPLORATION, "minutes": 90, "setting": "primary school", "size": 8,
        "mode": "online", "purpose": "agree whether the reading programme fits our need",
        "innovation": "a reading programme",
    },
    "getting ready in a care home": {
        "stage": INSTALLATION, "minutes": 60, "setting": "care home", "size": 6, "mode": "room",
        "purpose": "agree who coaches new staff and when",
    },
    "getting ready in a council": {
        "stage": INSTALLATION, "minutes": 150, "setting": "council", "size": 25,
        "mode": "hybrid",
    },
    "first weeks on a ward, tired": {
        "stage": INITIAL, "minutes": 45, "setting": "ward", "size": 5, "mode": "room",
        "low_energy": True, "purpose": "find out what gets in the way of the huddle",
    },
    "first term in a school, with notes": {
        "stage": INITIAL, "minutes": 75, "setting": "secondary school", "size": 12,
        "mode": "online",
        "last_time": "Last time we agreed to watch one lesson each, and three of us did.",
    },
    "champion gone": {
        "stage": FULL, "minutes": 60, "setting": "children's home", "size": 7, "mode": "hybrid",
        "purpose": "our champion has left",
    },
    "drift in a library": {
        "stage": FULL, "minutes": 120, "setting": "library service", "size": 15,
        "mode": "online", "purpose": "look at where we have drifted from the core functions",
    },
    "sixty from many schools": {
        "stage": SCALING, "minutes": 240, "setting": "schools", "sector": "education",
        "size": 60, "mode": "room", "purpose": "decide what must not change in other schools",
    },
    "more wards": {
        "stage": SCALING, "minutes": 100, "setting": "hospital", "size": 30, "mode": "hybrid",
        "more_doing": True,
    },
    "money ends": {
        "stage": SUSTAINMENT, "minutes": 180, "setting": "family support service", "size": 16,
        "mode": "room", "purpose": "agree what to stop doing when the funding ends",
    },
    "half an hour for three": {
        "stage": SUSTAINMENT, "minutes": 30, "setting": "police station", "size": 3,
        "mode": "online",
    },
}  # fmt: skip


@cache
def bank() -> Bank:
    return read_bank(shipped_coaching())


@pytest.fixture(scope="module")
def plans(library: Assistant) -> dict[str, SessionPlan]:
    return {name: library.prepare(make_brief(bank(), given)) for name, given in BRIEFS.items()}


def own_lines(plan: SessionPlan) -> list[str]:
    """What a plan says beside quotes and the words of its brief."""
    texts = [*plan.preparation.coach[bool(plan.brief.last_time) :], *plan.preparation.bring]
    texts += [plan.success_sign, plan.readiness_note, *plan.feedback, *plan.accessibility]
    for item in plan.agenda:
        texts += [item.aim, item.grouping, item.output, item.online, item.low_energy, item.shorten]
        texts += [item.title, *item.materials, *(step.text for step in item.steps)]
    texts += [text for one in plan.objectives for text in (one.text, one.product)]
    texts += [prompt.text for prompt in plan.prompts]
    texts += [text for one in plan.readiness for text in (one.text, one.if_low)]
    texts += [text for one in plan.risks for text in (one.text, one.response)]
    texts += [t for one in plan.actions for t in (one.action, one.success_sign, one.support)]
    return texts


def time_sums(plan: SessionPlan) -> bool:
    items = plan.agenda
    return (
        sum(item.minutes for item in items) == plan.brief.minutes == plan.total_minutes
        and all(sum(step.minutes for step in item.steps) == item.minutes >= 2 for item in items)
        and (plan.brief.minutes < 90 or any(item.kind == "break" for item in items))
    )


def stage_fits(plan: SessionPlan) -> bool:
    stage = plan.brief.stage
    stages = {one.id: one.stages for one in bank().activities}
    title = bank().stages[stage].title
    return title in plan.stage_evidence and all(
        stage in stages[item.activity] for item in plan.agenda if item.activity
    )


def objectives_have_products(plan: SessionPlan) -> bool:
    made = {objective.item for objective in plan.objectives}
    of_activities = {n for n, item in enumerate(plan.agenda, 1) if item.activity}
    return of_activities <= made and all(
        objective.product and plan.agenda[objective.item - 1].output
        for objective in plan.objectives
    )


def activities_suit_the_group(plan: SessionPlan) -> bool:
    of_id = {one.id: one for one in bank().activities}
    chosen = [of_id[item.activity] for item in plan.agenda if item.activity]
    return bool(chosen) and all(
        plan.brief.size in one.size and plan.brief.mode in one.modes for one in chosen
    )


def prompts_are_open(plan: SessionPlan) -> bool:
    return 4 <= len(plan.prompts) <= 8 and all(
        re.split(r"\W", prompt.text)[0].lower() in OPEN
        and prompt.text.endswith("?")
        and not BLAME.search(prompt.text)
        for prompt in plan.prompts
    )


def voices_are_asked_for(plan: SessionPlan) -> bool:
    abouts = [prompt.about for prompt in plan.prompts]
    return abouts.count("equity") == 1 and abouts.count("failure") == 1


def actions_can_be_given_out(plan: SessionPlan) -> bool:
    return bool(plan.actions) and all(
        one.action and one.success_sign and not one.owner and not one.due for one in plan.actions
    )


def speaks_of_its_sector(plan: SessionPlan) -> bool:
    others = " ".join(words for name, words in OWN_WORDS.items() if name != plan.brief.sector)
    foreign = re.compile(rf"\b(?:{'|'.join(others.split())})\b", re.I)
    text = " ".join(own_lines(plan))
    words = bank().sectors[plan.brief.sector]
    return not foreign.search(text) and words.people in text and "$" not in text


def nothing_is_made_up(plan: SessionPlan) -> bool:
    lines = own_lines(plan)
    data = re.compile(r"\b(?:Mr|Mrs|Ms|Dr)\b|\d+ ?%|\b(?:19|20)\d\d\b|£|\$")
    told = " ".join(str(value) for value in plan.brief.model_dump().values())
    digits = {n for line in lines for n in re.findall(r"\d+", line)}
    allowed = set(re.findall(r"\d+", told)) | {"12", "18"} | {"0", "5"}  # of print, and of a scale
    return not any(data.search(line) for line in lines) and digits <= allowed


SCORED: dict[str, Callable[[SessionPlan], bool]] = {
    "time sums": time_sums, "stage fit": stage_fits, "products": objectives_have_products,
    "size and mode": activities_suit_the_group, "open prompts": prompts_are_open,
    "equity and voice": voices_are_asked_for, "actions": actions_can_be_given_out,
    "sector words": speaks_of_its_sector, "nothing made up": nothing_is_made_up,
}  # fmt: skip


@pytest.mark.parametrize("name", list(BRIEFS))
@pytest.mark.parametrize("point", list(SCORED))
def test_a_plan_has_each_of_the_points_of_a_good_one(
    plans: dict[str, SessionPlan], name: str, point: str
) -> None:
    assert SCORED[point](plans[name])


@pytest.mark.parametrize("name", list(BRIEFS))
def test_ideas_are_quotes_that_stand_where_they_are_said_to_stand(
    plans: dict[str, SessionPlan], library: Assistant, name: str
) -> None:
    plan = plans[name]
    assert 1 <= len(plan.ideas) <= 3
    assert len({idea.text for idea in plan.ideas}) == len(plan.ideas)
    for idea in plan.ideas:
        assert idea.support == "verbatim"
        quotes = [plan.citations[n - 1].quote for n in idea.citations]
        assert any(idea.text.rstrip(".") in " ".join(quote.split()) for quote in quotes)
    for number, cited in enumerate(plan.citations, 1):
        sha256, text = library.show(cited.document_id)
        assert cited.number == number
        assert cited.document_sha256 == sha256
        assert text[cited.start : cited.end] == cited.quote


def test_the_twelve_briefs_are_as_different_as_teams_are() -> None:
    briefs = [make_brief(bank(), given) for given in BRIEFS.values()]
    assert len(briefs) == 12
    assert all([one.stage for one in briefs].count(stage) == 2 for stage in Stage)
    assert {one.sector for one in briefs} == set(bank().sectors)
    assert {one.mode for one in briefs} == {"room", "online", "hybrid"}
    assert {20, 240} <= {one.minutes for one in briefs}
    assert {2, 60} <= {one.size for one in briefs}
    assert any(one.low_energy for one in briefs)
    assert any(one.last_time for one in briefs)


@pytest.mark.parametrize("name", ["a choice in a school", "champion gone"])
def test_preparing_again_gives_the_same_plan_to_the_byte(
    plans: dict[str, SessionPlan], library: Assistant, name: str
) -> None:
    again = library.prepare(make_brief(bank(), BRIEFS[name]))
    assert again.model_dump_json() == plans[name].model_dump_json()


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("a choice in a school", "fit"),
        ("getting ready in a care home", "coaching"),
        ("first weeks on a ward, tired", "barriers"),
        ("champion gone", "champion-left"),
        ("drift in a library", "fidelity"),
        ("money ends", "stop"),
    ],
)
def test_a_purpose_is_met_by_an_activity_on_it(
    plans: dict[str, SessionPlan], name: str, topic: str
) -> None:
    topics = {one.id: one.topics for one in bank().activities}
    chosen = [item.activity for item in plans[name].agenda if item.activity]
    assert any(topic in topics[activity] for activity in chosen)


def test_what_is_read_beforehand_are_titles_of_the_library(
    plans: dict[str, SessionPlan], library: Assistant
) -> None:
    titles = set(library.library_documents().values())
    for plan in plans.values():
        assert plan.preparation.pre_read
        for line in plan.preparation.pre_read:
            assert any(f"“{title}”" in line for title in titles)


def test_a_coach_gets_from_a_brief_by_changes_to_a_series(library: Assistant) -> None:
    plan = library.coach("Prepare a 90 minute session for a ward at exploration, 8 nurses")
    assert isinstance(plan, SessionPlan)
    shorter = library.coach("for 45 minutes", plan)
    assert isinstance(shorter, SessionPlan)
    assert (shorter.brief.minutes, shorter.brief.stage) == (45, EXPLORATION)
    assert shorter.changes[0] == "Length: 90 minutes before, 45 minutes now."
    series = library.coach("Make it a series of two sessions over a term", shorter)
    assert isinstance(series, SessionSeries)
    assert len(series.sessions) == 2
    assert library.coach("What is fidelity?", series) is None


@pytest.mark.parametrize(
    "purpose",
    [
        "decide what dose of insulin a patient should take",
        "bake a birthday cake",
        "entscheiden, welches Programm zu unserer Schule passt",
    ],
)
def test_a_purpose_that_no_guidance_helps_with_is_declined(
    library: Assistant, purpose: str
) -> None:
    given = {"stage": FULL, "minutes": 60, "setting": "ward", "size": 8, "purpose": purpose}
    with pytest.raises(BriefError) as caught:
        library.prepare(make_brief(bank(), given))
    assert caught.value.remedy


def test_a_purpose_in_words_that_the_guidance_does_not_use_is_planned_all_the_same(
    library: Assistant,
) -> None:
    for purpose in (
        "agree how the night shift hears what was decided", "our last two meetings were chaos",
        "clear the air after the argument about the rota",
    ):  # fmt: skip
        given = {"stage": INITIAL, "setting": "ward", "purpose": purpose}
        plan = library.prepare(make_brief(bank(), given))
        assert purpose[1:] in plan.purpose
        assert plan.ideas
