"""The items of a session, in their order and with their minutes."""

import pytest

from assistant.coaching.agenda import make_agenda
from assistant.coaching.bank import CoachingDataError, speaking
from assistant.coaching.choosing import NO_LEANING
from assistant.plans import AgendaItem, SessionBrief
from assistant.records import Stage
from tests.coaching.coached import bank, brief, nearness


def agenda(of: SessionBrief) -> tuple[AgendaItem, ...]:
    speak = speaking(bank().sectors[of.sector], of.setting)
    return make_agenda(bank(), of, nearness, speak, NO_LEANING)


def kinds(of: SessionBrief) -> list[str]:
    return [item.kind for item in agenda(of)]


def test_a_short_session_has_one_activity_and_no_break() -> None:
    assert kinds(brief(minutes=45)) == [
        "welcome", "story", "idea", "activity", "decide", "actions",
    ]  # fmt: skip


def test_a_break_stands_between_two_activities() -> None:
    assert kinds(brief(minutes=90)) == [
        "welcome", "story", "idea", "activity", "break", "activity", "decide", "actions",
    ]  # fmt: skip


def test_a_long_session_has_two_breaks_between_three_activities() -> None:
    assert kinds(brief(minutes=240)) == [
        "welcome", "story", "idea", "activity", "break", "activity", "break", "activity",
        "decide", "actions",
    ]  # fmt: skip


def test_a_tired_team_has_its_break_sooner() -> None:
    assert "break" not in kinds(brief(minutes=60))
    assert "break" in kinds(brief(minutes=60, low_energy=True))


def test_no_break_is_without_its_five_minutes_or_lasts_as_long_as_an_item() -> None:
    for minutes in range(90, 241):
        breaks = [item.minutes for item in agenda(brief(minutes=minutes)) if item.kind == "break"]
        assert all(5 <= one <= 15 for one in breaks)


def test_every_item_begins_where_the_one_before_ends() -> None:
    for minutes in (20, 47, 90, 133, 240):
        end = 0
        for item in agenda(brief(minutes=minutes)):
            assert item.start == end
            end += item.minutes
        assert end == minutes


def test_an_activity_is_told_in_full() -> None:
    of = brief(minutes=60)
    item = next(item for item in agenda(of) if item.kind == "activity")
    source = next(one for one in bank().activities if one.id == item.activity)
    speak = speaking(bank().sectors["education"], "primary school")
    assert item.title == source.title
    assert item.output == speak(source.output)
    assert item.online == speak(source.online)
    assert item.low_energy == speak(source.low_energy)
    assert item.shorten == speak(source.shorten)
    assert item.materials == tuple(map(speak, source.materials))
    assert " ".join(s.text for s in item.steps) == " ".join(speak(s.do) for s in source.steps)


def test_only_the_coach_owns_items_and_the_team_chooses_the_others() -> None:
    owners = {item.kind: item.owner for item in agenda(brief(minutes=90))}
    assert {kind for kind, owner in owners.items() if owner} == {"welcome", "idea"}
    assert set(owners.values()) == {"Coach", ""}


@pytest.mark.parametrize(
    ("setting", "people"), [("ward", "patients"), ("primary school", "pupils")]
)
def test_items_speak_the_words_of_the_sector(setting: str, people: str) -> None:
    story = next(item for item in agenda(brief(setting=setting)) if item.kind == "story")
    assert people in story.aim


def test_a_bank_in_which_nothing_fits_says_what_to_do() -> None:
    everything = tuple(one.id for one in bank().activities)
    with pytest.raises(CoachingDataError) as caught:
        agenda(brief(minutes=60, size=9, mode="online", left_out=everything))
    assert "20 minutes for 9 people (online)" in caught.value.message
    assert "activities.yaml" in caught.value.remedy


def test_the_time_of_more_doing_goes_to_activities() -> None:
    def doing(of: SessionBrief) -> int:
        return sum(item.minutes for item in agenda(of) if item.kind == "activity")

    for stage in Stage:
        assert doing(brief(stage=stage, more_doing=True)) > doing(brief(stage=stage))
