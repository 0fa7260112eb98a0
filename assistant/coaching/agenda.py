"""The items of a session, in their order and with their minutes."""

from collections.abc import Iterator, Sequence

from assistant.coaching.bank import Bank, CoachingDataError, Speak
from assistant.coaching.choosing import Leaning, Nearness, choose_activities
from assistant.coaching.data import Activity, ActivityStep, Part
from assistant.coaching.shape import activity_count, cut, share_out, timed
from assistant.plans import AgendaItem, SessionBrief, Step

_COACH = "Coach"
_BEFORE: tuple[Part, ...] = ("welcome", "story", "idea")
_AFTER: tuple[Part, ...] = ("decide", "actions")
_LONG_BREAK = 15  # minutes: from there on they are two breaks


def make_agenda(
    bank: Bank, brief: SessionBrief, nearness: Nearness, speak: Speak, leaning: Leaning
) -> tuple[AgendaItem, ...]:
    """The items of a session, which take all its minutes. `speak` puts the words of a sector into
    lines. Raises CoachingDataError if no activities of the bank fit."""
    shapes = bank.shapes
    parts = cut(shapes, brief.minutes, brief.more_doing, brief.low_energy)
    count = activity_count(shapes, brief.minutes)
    try:
        activities = choose_activities(bank, brief, parts["activity"], count, nearness, leaning)
    except ValueError as error:
        raise CoachingDataError(
            f"No activities of the bank fill {parts['activity']} minutes for {brief.size} people "
            f"({brief.mode}).",
            "Add some to activities.yaml, or choose another length, size or mode.",
        ) from error
    items: list[AgendaItem] = []
    for part, minutes, activity in _in_order(parts, activities):
        start = items[-1].start + items[-1].minutes if items else 0
        made = (
            _of_activity(activity, start, minutes, speak)
            if activity
            else _of_part(bank, part, start, minutes, speak)
        )
        items.append(made)
    return tuple(items)


def _in_order(
    parts: dict[Part, int], activities: Sequence[tuple[Activity, int]]
) -> Iterator[tuple[Part, int, Activity | None]]:
    """The parts of an agenda in their order, breaks between activities or after the only one."""
    for part in _BEFORE:
        yield part, parts[part], None
    pause = parts.get("break", 0)
    pauses = share_out(pause, [1] * (2 if pause >= _LONG_BREAK else 1)) if pause else []
    for activity, minutes in activities:
        yield "activity", minutes, activity
        if pauses:
            yield "break", pauses.pop(0), None
    for rest in pauses:
        yield "break", rest, None
    for part in _AFTER:
        yield part, parts[part], None


def _of_part(bank: Bank, part: Part, start: int, minutes: int, speak: Speak) -> AgendaItem:
    words = bank.shapes.parts[part]
    return AgendaItem(
        start=start, minutes=minutes, kind=part, title=words.title, aim=speak(words.aim),
        steps=_spoken(words.steps, minutes, speak),
        owner=_COACH if part in ("welcome", "idea") else "",
        output=speak(words.output), online=speak(words.online), shorten=speak(words.shorten),
    )  # fmt: skip


def _of_activity(activity: Activity, start: int, minutes: int, speak: Speak) -> AgendaItem:
    return AgendaItem(
        start=start, minutes=minutes, kind="activity", title=activity.title,
        aim=speak(activity.aim),
        steps=_spoken(activity.steps, minutes, speak),
        activity=activity.id, grouping=speak(activity.grouping),
        materials=tuple(map(speak, activity.materials)), output=speak(activity.output),
        online=speak(activity.online), low_energy=speak(activity.low_energy),
        shorten=speak(activity.shorten),
    )  # fmt: skip


def _spoken(steps: Sequence[ActivityStep], minutes: int, speak: Speak) -> tuple[Step, ...]:
    return tuple(Step(minutes=one.minutes, text=speak(one.text)) for one in timed(steps, minutes))
