"""A brief to a plan: what holds for every plan, and what a brief makes of one."""

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.brief import make_brief
from assistant.coaching.plan import make_plan
from assistant.errors import BriefError
from assistant.plans import SessionBrief, SessionPlan
from assistant.records import Stage
from tests.coaching.coached import (
    INDEX,
    ScriptedConsult,
    activities_of,
    bank,
    brief,
    coaching,
    declined,
    plan,
)

SETTINGS = {
    "education": "primary school", "health": "ward", "social-care": "care home",
    "public-services": "council",
}  # fmt: skip
# Words that only one sector says.
OWN_WORDS = {
    "education": {"pupil", "pupils", "teacher", "teachers", "headteacher", "school", "classroom"},
    "health": {"patient", "patients", "nurse", "nurses", "ward", "clinical", "hospital"},
    "social-care": {"care home", "care staff", "care home manager"},
    "public-services": {"service users", "council"},
}
PURPOSES = (
    "", "agree whose voices are missing", "our champion has left", "the team is tired",
    "why nothing has changed since the training", "it costs $5 and 100%", "  odd   spaces. ",
    "übung & <b>markup</b> “quoted”", "decide", "x" * 300, "Build a plan for the data!",
    "a very long purpose that says in many words what the team wants to do and then some more",
)  # fmt: skip
NOTES = ("", "Last time we agreed to meet on Mondays.")


def made_for(given_: SessionBrief) -> SessionPlan:
    return make_plan(coaching(), given_, INDEX)


@cache
def is_foreign(sector: str, line: str) -> bool:
    """Whether a line says what only other sectors say."""
    words = set().union(*(own for name, own in OWN_WORDS.items() if name != sector))
    return re.search(rf"\b(?:{'|'.join(sorted(words))})\b", line, re.IGNORECASE) is not None


def lines_of_plan(made: SessionPlan) -> list[str]:
    """All lines that come from the coaching data, without what the brief said and quotes."""
    texts: list[str] = [made.success_sign, made.readiness_note, *made.preparation.coach]
    texts += [*made.preparation.bring, *made.feedback, *made.accessibility]
    texts += [text for one in made.objectives for text in (one.text, one.product)]
    for item in made.agenda:
        texts += [item.title, item.aim, item.grouping, item.output, item.online, item.low_energy]
        texts += [item.shorten, *item.materials, *(step.text for step in item.steps)]
    texts += [prompt.text for prompt in made.prompts]
    texts += [text for one in made.readiness for text in (one.text, one.if_low)]
    texts += [text for one in made.risks for text in (one.text, one.response)]
    texts += [text for one in made.actions for text in (one.action, one.success_sign, one.support)]
    return texts


def require_sound(made: SessionPlan) -> None:
    """What holds for every plan."""
    of = made.brief
    assert made.total_minutes == of.minutes == sum(item.minutes for item in made.agenda)
    for item in made.agenda:
        assert item.minutes >= 2
        assert sum(step.minutes for step in item.steps) == item.minutes
    kinds = [item.kind for item in made.agenda]
    assert ("break" in kinds) >= (of.minutes >= 90)
    assert kinds[0] == "welcome"
    assert kinds[-1] == "actions"
    assert 2 <= len(made.objectives) <= 4
    for objective in made.objectives:
        item = made.agenda[objective.item - 1]
        assert item.kind in ("activity", "actions")
        assert objective.product
        assert objective.product in (item.output, "") or item.kind == "actions"
    assert {one.item for one in made.objectives} >= {
        n for n, item in enumerate(made.agenda, 1) if item.activity
    }
    assert made.actions
    for action in made.actions:
        assert action.action
        assert action.success_sign
        assert (action.owner, action.due) == ("", "")
    assert 4 <= len(made.prompts) <= 8
    assert all(prompt.text.endswith("?") for prompt in made.prompts)
    abouts = [prompt.about for prompt in made.prompts]
    assert (abouts.count("equity"), abouts.count("failure")) == (1, 1)
    assert len(made.ideas) <= 3
    for idea in made.ideas:
        assert idea.citations
        assert all(idea.text == made.citations[n - 1].quote for n in idea.citations)
    lines = lines_of_plan(made)
    notes = [line for line in lines if of.last_time and of.last_time in line]
    for line in set(lines) - set(notes):
        assert "$" not in line
        assert not is_foreign(of.sector, line), line
    for item in made.agenda:
        source = next((one for one in bank().activities if one.id == item.activity), None)
        assert source is None or (of.size in source.size and of.mode in source.modes)


briefs = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(list(Stage)), "minutes": st.integers(20, 240),
        "sector": st.sampled_from(list(SETTINGS)),
        "mode": st.sampled_from(["room", "online", "hybrid"]),
        "size": st.integers(2, 60), "low_energy": st.booleans(), "more_doing": st.booleans(),
        "purpose": st.sampled_from(PURPOSES), "last_time": st.sampled_from(NOTES),
    }
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(briefs)
def test_any_brief_of_any_length_gives_a_sound_plan(given_: dict[str, Any]) -> None:
    made = plan(**given_, setting=SETTINGS[given_["sector"]])
    require_sound(made)
    stages = {one.id: one.stages for one in bank().activities}
    assert all(given_["stage"] in stages[name] for name in activities_of(made))


@pytest.mark.parametrize(
    "given_",
    [
        {"stage": Stage.EXPLORATION, "sector": "education", "size": 8},
        {"stage": Stage.FULL, "sector": "health", "size": 2, "mode": "hybrid", "low_energy": True},
        {
            "stage": Stage.SCALING, "sector": "public-services", "size": 60, "mode": "online",
            "more_doing": True,
        },
    ],
    ids=["exploration", "two tired people", "sixty people online"],
)  # fmt: skip
def test_every_length_gives_a_sound_plan(given_: dict[str, Any]) -> None:
    for minutes in range(20, 241):
        require_sound(plan(**given_, setting=SETTINGS[given_["sector"]], minutes=minutes))


@pytest.mark.parametrize("stage", list(Stage))
def test_activities_are_those_of_the_stage(stage: Stage) -> None:
    stages = {one.id: one.stages for one in bank().activities}
    for minutes in (20, 45, 60, 90, 120, 240):
        for size in (2, 8, 60):
            made = plan(stage=stage, minutes=minutes, size=size)
            assert all(stage in stages[name] for name in activities_of(made))


def test_a_brief_gives_the_same_plan_to_the_byte_every_time() -> None:
    given_ = brief(purpose="our champion has left", minutes=150)
    first, second = made_for(given_), made_for(given_)
    assert first.model_dump_json() == second.model_dump_json()


def test_a_plan_carries_its_brief_and_what_made_it() -> None:
    made = plan(team="Year 3 team")
    assert made.brief.team == "Year 3 team"
    assert made.index == INDEX
    assert made.fingerprints["coaching"] == bank().fingerprint
    assert len(made.fingerprints["lines"]) == 12
    assert made.engine == "extractive"
    assert made.changes == ()
    assert SessionPlan.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("agree what the need is", "Agree what the need is."),
        ("Build a plan for the data!", "Build a plan for the data."),
        ("our champion has left.", "Work on what the team brings: “our champion has left”"),
        ("", bank().stages[Stage.EXPLORATION].purpose),
        ("it costs $5 and 100%", "Work on what the team brings: “it costs $5 and 100%”"),
    ],
)
def test_the_purpose_is_a_sentence(purpose: str, said: str) -> None:
    assert plan(purpose=purpose).purpose == said


def test_the_title_names_the_stage_and_the_purpose() -> None:
    title = plan(purpose="agree what the need is").title
    assert title.lower() == "exploration: agree what the need is"


def test_a_long_purpose_is_not_put_into_the_title() -> None:
    made = plan(purpose=PURPOSES[-1])
    assert made.title == "Exploration: session plan (primary school)"
    assert PURPOSES[-1] in made.purpose


def test_a_stage_that_was_said_is_told_from_one_that_was_guessed() -> None:
    assert plan().stage_evidence.startswith("The brief says: Exploration.")
    guessed = plan(stage_cue="not decided yet").stage_evidence
    assert "“not decided yet” points to Exploration" in guessed
    assert "Check with the team first." in guessed


def test_what_was_assumed_is_said() -> None:
    made = made_for(make_brief(bank(), {"stage": "full"}))
    told = " ".join(made.notices)
    assert "planned for: 60 minutes, 8 people, people who meet in a room." in told
    assert "where the team works" in told
    assert plan().notices == ()


def test_notes_of_last_time_are_taken_up_and_not_only_kept() -> None:
    made = plan(last_time="We agreed on yellow cards.")
    assert made.preparation.coach[0] == (
        "Go through the notes of last time: “We agreed on yellow cards.”"
    )
    assert sum("yellow cards" in line for line in lines_of_plan(made)) == 1


def test_a_tired_team_is_told_so_and_has_its_variants() -> None:
    made = plan(low_energy=True, minutes=90)
    assert any("tired" in line for line in made.notices)
    assert all(item.low_energy for item in made.agenda if item.activity)


def test_every_activity_has_its_online_variant() -> None:
    for mode in ("online", "hybrid"):
        assert all(item.online for item in plan(mode=mode, minutes=120).agenda)


def test_an_agreement_on_actions_is_the_last_objective() -> None:
    made = plan(minutes=90)
    assert made.objectives[-1].text == "agreed who does what by when"
    assert made.agenda[made.objectives[-1].item - 1].kind == "actions"


def test_the_sign_of_success_names_every_product() -> None:
    made = plan(minutes=150)
    for objective in made.objectives:
        assert objective.product[1:] in made.success_sign


def test_a_short_session_has_a_short_readiness_check() -> None:
    for stage in Stage:
        assert len(plan(stage=stage, minutes=45).readiness) == 5
        assert len(plan(stage=stage, minutes=60).readiness) == 8
        assert "not a validated scale" in plan(stage=stage).readiness_note


def test_what_is_read_beforehand_is_there_to_be_read() -> None:
    made = plan()
    assert 1 <= len(made.preparation.pre_read) <= 2
    assert all("Title of " in line for line in made.preparation.pre_read)
    bare = coaching()
    without = make_plan(
        type(bare)(bare.bank, bare.lines, bare.nearness, bare.consult, lambda name: None),
        brief(),
        INDEX,
    )
    assert without.preparation.pre_read == ()


def test_where_nothing_can_be_quoted_that_is_said() -> None:
    made = make_plan(coaching(lambda question: declined(question, "not_covered")), brief(), INDEX)
    assert made.ideas == ()
    assert made.citations == ()
    assert any("no ideas in this plan" in line for line in made.notices)


def test_where_the_purpose_is_not_in_the_guidance_that_is_said() -> None:
    consult = ScriptedConsult({"xyz and abc": declined("xyz and abc", "not_covered")})
    made = make_plan(coaching(consult), brief(purpose="xyz and abc"), INDEX)
    assert any("“xyz and abc”" in line for line in made.notices)
    assert made.ideas


def test_what_needs_a_professional_is_declined_with_whom_to_ask() -> None:
    purpose = "decide the dose for a patient"
    consult = ScriptedConsult({purpose: declined(purpose, "needs_professional", "a doctor")})
    with pytest.raises(BriefError) as caught:
        make_plan(coaching(consult), brief(purpose=purpose), INDEX)
    assert "needs a professional" in caught.value.message
    assert "a doctor" in caught.value.remedy


@pytest.mark.parametrize(
    ("reason", "words"), [("out_of_scope", "outside"), ("language", "English"),
                          ("instruction", "outside")],
)  # fmt: skip
def test_what_no_session_can_help_with_is_declined(reason: str, words: str) -> None:
    consult = ScriptedConsult({"xyz and abc": declined("xyz and abc", reason)})
    with pytest.raises(BriefError) as caught:
        make_plan(coaching(consult), brief(purpose="xyz and abc"), INDEX)
    assert words in caught.value.message


@pytest.mark.parametrize("sector", list(SETTINGS))
def test_a_plan_speaks_the_words_of_its_sector(sector: Any) -> None:
    words = bank().sectors[sector]
    text = " ".join(lines_of_plan(plan(setting=SETTINGS[sector], minutes=240)))
    assert words.people in text
    assert words.staff in text


def test_no_plan_holds_a_person_or_a_number_of_the_team() -> None:
    for stage in Stage:
        made = plan(stage=stage, minutes=120)
        for line in lines_of_plan(made):
            assert not re.search(r"\b(?:Mr|Mrs|Ms|Dr)\b|\d+ ?%", line), line
