"""The shipped coaching data: enough of it, and written as the plans need it."""

import re

import pytest

from assistant.coaching.bank import lines_of, speaking
from assistant.coaching.choosing import topics_in
from assistant.coaching.data import Activity
from assistant.coaching.shape import cut
from assistant.plans import SHORTEST_SESSION
from assistant.records import Stage
from assistant.resources import shipped_coaching, shipped_corpus
from tests.coaching.coached import bank

OPEN = frozenset("what which how who whose where when if".split())
MODES = ("room", "online", "hybrid")
SIZES = (2, 3, 5, 8, 15, 30, 60)
BLAME = re.compile(
    r"\b(?:why (?:did|do|don't|didn't|haven't) (?:you|they)|fault|to blame|failed to)\b", re.I
)
IRREGULAR = frozenset(
    "chosen written drawn found made begun built held told kept put set said shown taken"
    " given".split()
)  # fmt: skip
DATA = bank()


def test_there_are_enough_activities() -> None:
    assert len(DATA.activities) >= 25
    assert len({one.title.lower() for one in DATA.activities}) == len(DATA.activities)


@pytest.mark.parametrize("one", DATA.activities, ids=lambda one: one.id)
def test_an_activity_says_all_that_a_coach_needs(one: Activity) -> None:
    assert one.aim.endswith(".")
    assert len(one.steps) >= 3
    assert all(step.do.endswith((".", "?", ".”", '."')) for step in one.steps)
    assert one.materials
    assert one.grouping
    assert one.online != one.low_energy
    assert one.minutes.least <= 30
    assert one.size.most - one.size.least >= 5
    assert set(one.topics) <= set(DATA.topics)


@pytest.mark.parametrize("one", DATA.activities, ids=lambda one: one.id)
def test_an_objective_completes_the_sentence_and_its_output_is_a_thing(one: Activity) -> None:
    first = one.objective.split()[0]
    assert first == first.lower()
    assert first.endswith("ed") or first in IRREGULAR
    assert not one.objective.endswith(".")
    assert one.output[0].isupper()
    assert not one.output.endswith(".")


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES)
def test_every_kind_of_group_has_enough_to_do(stage: Stage, mode: str, size: int) -> None:
    fitting = [
        one for one in DATA.activities
        if stage in one.stages and mode in one.modes and size in one.size
    ]  # fmt: skip
    assert len(fitting) >= 10
    assert sum(one.doing for one in fitting) >= 4
    assert (
        min(one.minutes.least for one in fitting) <= cut(DATA.shapes, SHORTEST_SESSION)["activity"]
    )
    assert sum(sorted(one.minutes.most for one in fitting)[-3:]) >= 110


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_enough_prompts(stage: Stage) -> None:
    of = [one for one in DATA.prompts if stage in one.stages]
    assert sum(one.about == "stage" for one in of) >= 12
    assert sum(one.about == "equity" for one in of) >= 2
    assert sum(one.about == "failure" for one in of) >= 2


@pytest.mark.parametrize("topic", list(DATA.topics))
def test_every_topic_has_prompts_and_activities(topic: str) -> None:
    assert sum(topic in one.topics for one in DATA.prompts) >= 4
    assert any(topic in one.topics for one in DATA.activities)
    assert topics_in(DATA.topics, DATA.topics[topic].cues[0].replace("+", "and"))


def test_prompts_are_open_short_and_blame_nobody() -> None:
    for one in DATA.prompts:
        first = re.split(r"\W", one.text)[0].lower()
        assert first in OPEN, one.text
        assert one.text.endswith("?"), one.text
        assert one.text.count("?") == 1, one.text
        assert len(one.text.split()) <= 25, one.text
        assert not BLAME.search(one.text), one.text
        assert one.about == "topic" or not one.topics


def test_no_line_claims_an_effect_or_a_number() -> None:
    parts = [DATA.activities, DATA.prompts, DATA.readiness, DATA.stages, DATA.shapes.parts]
    for line in lines_of([*parts, DATA.shapes.coach, DATA.shapes.accessibility]):
        assert "%" not in line, line
        assert not re.search(r"\b(?:proven|evidence-based|studies show|research shows)\b", line)
        assert "—" not in line, line
        assert not re.search(r"\b(?:Mr|Mrs|Ms|Dr)\b", line), line


def test_no_line_speaks_the_words_of_one_sector() -> None:
    own = re.compile(
        r"\b(?:pupils?|students?|teachers?|headteachers?|classrooms?|patients?|nurses?|wards?"
        r"|clinical|residents?|clinicians?)\b",
        re.I,
    )
    parts = [DATA.activities, DATA.prompts, DATA.readiness, DATA.shapes.parts, DATA.shapes.coach]
    for stage in DATA.stages.values():
        parts += [stage.shown_by, stage.purpose, stage.bring, stage.risks, stage.actions]
    for line in lines_of(parts):
        assert not own.search(line), line


@pytest.mark.parametrize("sector", list(DATA.sectors))
def test_lines_read_well_in_every_sector(sector: str) -> None:
    speak = speaking(next(words for name, words in DATA.sectors.items() if name == sector))
    parts = [DATA.activities, DATA.prompts, DATA.readiness, DATA.stages, DATA.shapes]
    for line in lines_of(parts):
        said = speak(line)
        assert "$" not in said
        assert not re.search(r"\b(?:the the|a a|of of|the families and carers and)\b", said), said
        assert not re.search(r"(?:^|[.?!] )\$", line), line


def test_what_is_read_beforehand_is_in_the_library() -> None:
    notes = {path.stem for path in (shipped_corpus() / "notes").rglob("*.md")}
    for stage in DATA.stages.values():
        assert set(stage.pre_read) <= notes


def test_what_the_guidance_is_asked_is_a_question() -> None:
    of_stages = [one.ask for one in DATA.stages.values()]
    for ask in (*of_stages, *(one.ask for one in DATA.topics.values())):
        assert all(question.endswith("?") for question in ask)
        assert len(set(ask)) == len(ask)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_has_what_a_plan_takes_from_it(stage: Stage) -> None:
    data = DATA.stages[stage]
    assert len(data.risks) >= 4
    assert len(data.actions) >= 4
    assert len(data.bring) >= 3
    assert data.shown_by.endswith(".")
    assert data.purpose.endswith(".")
    assert sum(stage in item.stages for item in DATA.readiness.items) >= 8
    assert all(name == name.lower() for name in data.names)


def test_the_readiness_check_says_that_it_is_no_scale() -> None:
    assert "not a validated scale" in DATA.readiness.note
    assert all(item.text.endswith(".") for item in DATA.readiness.items)
    assert all(item.if_low.endswith(".") for item in DATA.readiness.items)


def test_a_coach_finds_the_files_explained() -> None:
    text = (shipped_coaching() / "README.md").read_text("utf-8")
    for name in ("activities", "prompts", "readiness", "stages", "topics", "shapes", "sectors"):
        assert f"{name}.yaml" in text
