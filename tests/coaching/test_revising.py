"""A plan with a change in a coach's words: what still fits stays, and what changed is said."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.brief import make_brief
from assistant.coaching.coach import revise
from assistant.coaching.plan import make_plan
from assistant.coaching.revising import changed_brief, changes_between, is_change, leaning_to
from assistant.errors import AssistantError, BriefError
from assistant.plans import SessionPlan
from assistant.records import Stage
from tests.coaching.coached import INDEX, activities_of, bank, coaching, lines, outcome, plan
from tests.coaching.test_plan import require_sound

BEFORE = plan(minutes=90, purpose="agree what the need is")


def changed(text: str, before: SessionPlan = BEFORE) -> SessionPlan:
    made = revise(coaching(), INDEX, before, text)
    assert isinstance(made, SessionPlan)
    require_sound(made)
    return made


def differences(made: SessionPlan, before: SessionPlan = BEFORE) -> dict[str, Any]:
    """The fields of the brief that are not as they were."""
    old = before.brief.model_dump()
    return {name: value for name, value in made.brief.model_dump().items() if value != old[name]}


def refused(text: str, before: SessionPlan = BEFORE) -> BriefError:
    with pytest.raises(BriefError) as caught:
        revise(coaching(), INDEX, before, text)
    return caught.value


# The five examples


@pytest.mark.parametrize("text", ["make it shorter", "Shorten it, please.", "it's too long"])
def test_shorter_takes_the_next_usual_length_and_keeps_the_aim(text: str) -> None:
    made = changed(text)
    assert differences(made) == {"minutes": 60}
    assert made.purpose == BEFORE.purpose
    assert made.changes[0] == "Length: 90 minutes before, 60 minutes now."
    assert set(activities_of(made)) <= set(activities_of(BEFORE))


def test_a_length_is_taken_as_it_is_said() -> None:
    made = changed("for 45 minutes")
    assert differences(made) == {"minutes": 45}
    assert made.changes[0] == "Length: 90 minutes before, 45 minutes now."
    assert made.total_minutes == 45


def test_another_stage_brings_what_belongs_to_it() -> None:
    made = changed("they are now at initial implementation")
    assert made.brief.stage is Stage.INITIAL
    assert made.changes[0] == "Stage: exploration before, initial implementation now."
    assert made.preparation.bring != BEFORE.preparation.bring
    assert made.risks != BEFORE.risks
    assert "Initial implementation" in made.stage_evidence
    of_stage = {one.id for one in bank().activities if Stage.INITIAL in one.stages}
    assert set(activities_of(made)) <= of_stage


def test_another_place_brings_its_words_and_keeps_the_rest() -> None:
    made = changed("for a ward instead")
    assert differences(made) == {"setting": "ward", "sector": "health"}
    assert made.changes[0] == "Setting: primary school before, ward now."
    assert activities_of(made) == activities_of(BEFORE)
    assert [item.minutes for item in made.agenda] == [item.minutes for item in BEFORE.agenda]


def test_less_talking_and_more_doing_gives_time_to_activities_in_which_people_do() -> None:
    made = changed("less talking, more doing")
    assert differences(made) == {"more_doing": True}
    assert made.changes[0].startswith("More doing")

    def minutes(of: SessionPlan, *kinds: str) -> int:
        return sum(item.minutes for item in of.agenda if item.kind in kinds)

    assert minutes(made, "activity") > minutes(BEFORE, "activity")
    assert minutes(made, "story", "idea") < minutes(BEFORE, "story", "idea")
    doing = {one.id for one in bank().activities if one.doing}
    assert set(activities_of(made)) <= doing


# What can be changed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("make it longer", {"minutes": 120}), ("extend it to two hours", {"minutes": 120}),
        ("cut it to 30 minutes", {"minutes": 30}), ("in an hour", {"minutes": 60}),
        ("make that one hour instead of 90 minutes", {"minutes": 60}),
        ("from 90 minutes to 60 minutes", {"minutes": 60}),
        ("online", {"mode": "online"}), ("make it hybrid", {"mode": "hybrid"}),
        ("online instead of in person", {"mode": "online"}),
        ("for 12 people", {"size": 12}), ("there will be 20 of us", {"size": 20}),
        ("they are at full implementation now", {"stage": Stage.FULL}),
        ("we're in the deliver phase", {"stage": Stage.INITIAL}),
        ("move it to sustainment", {"stage": Stage.SUSTAINMENT}),
        ("not exploration but installation", {"stage": Stage.INSTALLATION}),
        ("for a care home", {"setting": "care home", "sector": "social-care"}),
        ("for a nursing home instead", {"setting": "nursing home", "sector": "social-care"}),
        ("not for a school but for a library", {"setting": "library", "sector": "public-services"}),
        ("for a secondary school", {"setting": "secondary school"}),
        ("they are tired", {"low_energy": True}), ("more doing", {"more_doing": True}),
        ("focus on the data", {"purpose": "the data"}),
        ("make it about who decides", {"purpose": "who decides"}),
        ("on 3 December 2026", {"day": date(2026, 12, 3)}),
        ("for 45 minutes and 12 people, online", {"minutes": 45, "size": 12, "mode": "online"}),
        ("make it shorter and for a ward", {"minutes": 60, "setting": "ward", "sector": "health"}),
        ("Could you make it 75 minutes please", {"minutes": 75}),
        ("forty-five minutes", {"minutes": 45}),
    ],
)  # fmt: skip
def test_a_change_changes_what_it_names_and_nothing_else(text: str, wanted: dict[str, Any]) -> None:
    assert differences(changed(text)) == wanted


def test_more_talking_takes_more_doing_back() -> None:
    doing = changed("more doing")
    assert changed("more discussion", doing).brief.more_doing is False
    assert changed("they are not tired", changed("they are tired")).brief.low_energy is False


def test_a_change_of_what_was_assumed_is_assumed_no_more() -> None:
    before = make_plan(
        coaching(), make_brief(bank(), {"stage": "full", "setting": "a ward"}), INDEX
    )
    assert {"minutes", "size", "mode"} == set(before.brief.assumed)
    made = changed("for 45 minutes", before)
    assert set(made.brief.assumed) == {"size", "mode"}
    assert not any("how long" in line for line in made.notices)


def test_a_stage_that_was_guessed_is_said_after_a_change() -> None:
    before = plan(stage=Stage.INITIAL, stage_cue="just started")
    made = changed("they are at full implementation", before)
    assert made.stage_evidence.startswith("The brief says: Full implementation.")


# Activities


def test_another_activity_takes_the_place_of_the_first() -> None:
    first = activities_of(BEFORE)[0]
    made = changed("another activity")
    assert first not in activities_of(made)
    assert set(activities_of(BEFORE)[1:]) <= set(activities_of(made))
    assert any(line.startswith("New activities: ") for line in made.changes)
    assert any(line.startswith("Left out: ") for line in made.changes)


def test_other_activities_take_the_place_of_all() -> None:
    made = changed("different activities please")
    assert not set(activities_of(made)) & set(activities_of(BEFORE))


def test_an_activity_that_is_named_is_left_out_and_stays_away() -> None:
    titles = {one.id: one.title for one in bank().activities}
    named = activities_of(BEFORE)[-1]
    for text in (f"without the {titles[named].lower()}", f"Replace {titles[named]}."):
        made = changed(text)
        assert named not in activities_of(made)
        assert set(activities_of(BEFORE)[:-1]) <= set(activities_of(made))
        assert any(titles[named] in line for line in made.changes if "Left out" in line)
        assert named not in activities_of(changed("for 120 minutes", made))


def test_without_the_five_whys() -> None:
    source = next(one for one in bank().activities if "five whys" in one.title.lower())
    others = tuple(
        one.id for one in bank().activities
        if one.id != source.id and Stage.EXPLORATION in one.stages and one.minutes.least <= 20
    )  # fmt: skip
    before = plan(minutes=60, left_out=others)
    assert activities_of(before) == [source.id]
    made = changed("without the five whys", before)
    assert source.id in made.brief.left_out
    assert source.id not in activities_of(made)


def test_an_activity_that_is_named_without_being_unwanted_stays() -> None:
    title = next(one.title for one in bank().activities if one.id == activities_of(BEFORE)[0])
    made = changed(f"for 120 minutes, with {title.lower()}")
    assert activities_of(BEFORE)[0] in activities_of(made)


# What stays


@pytest.mark.parametrize("text", ["for 100 minutes", "for 9 people", "online", "for 80 minutes"])
def test_what_still_fits_stays(text: str) -> None:
    made = changed(text)
    assert activities_of(made) == activities_of(BEFORE)
    kept = {prompt.text for prompt in made.prompts} & {prompt.text for prompt in BEFORE.prompts}
    assert len(kept) >= min(len(made.prompts), len(BEFORE.prompts))
    assert any(line.startswith(("Kept: ", "The activities stay")) for line in made.changes)


def test_a_change_back_gives_the_first_plan_again() -> None:
    there_and_back = changed("for a primary school", changed("for a ward"))
    assert there_and_back.agenda == BEFORE.agenda
    assert there_and_back.prompts == BEFORE.prompts


def test_a_shorter_plan_never_has_other_activities_if_one_of_the_old_fits() -> None:
    for minutes in (75, 60, 45, 30):
        made = changed(f"for {minutes} minutes")
        assert set(activities_of(made)) & set(activities_of(BEFORE)), minutes


def test_a_change_to_what_it_is_already_says_that_nothing_changed() -> None:
    made = changed("for 90 minutes")
    assert made.changes == (lines().changed.nothing,)
    assert made.agenda == BEFORE.agenda


def test_prompts_that_were_kept_are_recognised_in_the_words_of_another_sector() -> None:
    kept = leaning_to(bank(), BEFORE).kept
    assert set(activities_of(BEFORE)) <= kept
    assert len(kept) == len(activities_of(BEFORE)) + len(BEFORE.prompts)


def test_only_activities_in_which_people_do_are_leant_to_if_so_wanted() -> None:
    doing = {one.id for one in bank().activities if one.doing}
    kept = leaning_to(bank(), BEFORE, only_doing=True).kept
    assert {name for name in activities_of(BEFORE) if name in kept} == (
        set(activities_of(BEFORE)) & doing
    )


def test_every_field_of_a_brief_that_changed_is_told() -> None:
    new = plan(
        minutes=60, purpose="decide", setting="ward", stage=Stage.FULL, mode="online", size=4,
        team="Team A", country="Wales", innovation="Huddles", last_time="We met.",
        day=date(2026, 12, 3), zone="Europe/London", low_energy=True, more_doing=True,
    )  # fmt: skip
    told = changes_between(bank(), lines(), BEFORE, new)
    joined = "\n".join(told)
    for said in (
        "90 minutes before, 60 minutes now", "exploration before, full implementation now",
        "primary school before, ward now", "in a room before, online now", "8 before, 4 now",
        "“agree what the need is” before, “decide” now", "3 December 2026", "Europe/London",
        "Huddles", "Team A", "Wales", "notes of last time", "tired team", "More doing",
    ):  # fmt: skip
        assert said in joined
    assert "$" not in joined


# What cannot be


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("for 45 minutes, no, 60 minutes", "two lengths: 45 minutes and 60 minutes"),
        ("make it shorter and longer", "shorter and longer at once"),
        ("make it shorter, 120 minutes", "asks for shorter, and for 120 minutes"),
        ("make it longer: 30 minutes", "asks for longer, and for 30 minutes"),
        ("they are at installation and in full implementation", "two stages"),
        ("for 5 minutes", "5 minutes are too few"),
        ("for 6 hours", "6 hours are too long"),
        ("for 400 people", "400 people are too many"),
        ("on 31 June 2027", "No calendar has that day"),
    ],
)
def test_a_contradiction_or_what_cannot_be_is_refused(text: str, said: str) -> None:
    error = refused(text)
    assert said in error.message
    assert error.remedy


@pytest.mark.parametrize("text", ["make it nice", "make it purple", "for the win", "in the end"])
def test_what_is_not_understood_is_said_with_examples(text: str) -> None:
    error = refused(text)
    assert "not understood" in error.message
    for example in ("make it shorter", "for 45 minutes", "initial implementation", "more doing"):
        assert example in error.remedy


def test_the_shortest_and_the_longest_cannot_be_passed() -> None:
    assert "shortest" in refused("make it shorter", plan(minutes=20)).message
    error = refused("make it longer", plan(minutes=240))
    assert "longest" in error.message
    assert "series" in error.remedy


def test_shorter_goes_down_step_by_step_to_the_shortest() -> None:
    made, lengths = plan(minutes=240), []
    while made.brief.minutes > 20:
        made = changed("make it shorter", made)
        lengths.append(made.brief.minutes)
    assert lengths == [180, 150, 120, 90, 60, 45, 30, 20]


@pytest.mark.parametrize(
    "text",
    [
        "make it shorter",
        "for 45 minutes",
        "they are now at initial implementation",
        "for a ward instead",
        "less talking, more doing",
        "another activity",
        "online",
        "without the five whys",
        "and for 12 people",
        "please make it hybrid",
        "focus on data",
        "we're at full implementation",
        "OK, use another activity",
        "session 2 shorter",
        "can you make it shorter?",
        "could you do it for 45 minutes?",
    ],
)
def test_a_change_is_told_by_how_it_begins(text: str) -> None:
    assert is_change(bank(), BEFORE, text)


@pytest.mark.parametrize(
    "text",
    [
        "What is fidelity?",
        "How do I make it shorter?",
        "Who should be on the team?",
        "",
        "Is it too long?",
        "Fidelity is drift.",
    ],
)
def test_a_question_or_a_remark_is_no_change(text: str) -> None:
    assert not is_change(bank(), BEFORE, text)


words = st.sampled_from(
    "make it shorter longer for 45 90 minutes two hours a the ward school instead of not from to"
    " online hybrid 12 people exploration full implementation stage less more doing talking tired"
    " another activity without five whys focus on data 2026-02-30 last time".split()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=10).map(" ".join))
def test_any_change_gives_a_brief_or_says_why_not(text: str) -> None:
    brief = outcome(lambda: changed_brief(bank(), BEFORE, text))
    if isinstance(brief, AssistantError):
        assert brief.message
        assert brief.remedy
    else:
        assert 20 <= brief.minutes <= 240
