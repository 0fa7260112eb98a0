"""Sessions as events of a calendar."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event

from assistant.plans import SessionBrief, SessionPlan, SessionSeries
from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.labels import read_labels
from assistant.takeaway.text import clean, cut, on_one_line

_PRODUCT = "-//Implementation Assistant//Session plans//EN"
_HOST = "implementation-assistant"
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # an event must say when it was made; this says nothing
_YEARS = range(1970, 2100)  # what calendars and the rules of time zones can be trusted with
_LONGEST_SUMMARY = 200  # characters


def calendar(what: SessionPlan | SessionSeries, now: datetime | None = None) -> bytes:
    """The events of the sessions that have a day and a time, made at `now`. Without a zone, times
    float: they are those of whoever looks. Raises TakeawayError if there is no such session, for
    an unknown zone and for a year out of reach."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    dated = list(_dated(what))
    if not dated:
        raise TakeawayError(
            "No day and time is set, so there is nothing to put into a calendar.",
            "Say when the session is, for example “on 3 December 2026 at 14:00”.",
        )
    for number, plan in dated:
        made.add_component(_event(plan, number, now or _UNDATED))
    days = [plan.brief.day for _, plan in dated if plan.brief.day]
    made.add_missing_timezones(
        first_date=min(days) - timedelta(days=366), last_date=max(days) + timedelta(days=366)
    )
    written: bytes = made.to_ical()
    return written


def _dated(what: SessionPlan | SessionSeries) -> Iterator[tuple[int, SessionPlan]]:
    """The sessions that have a day and a time, with their numbers in a series, else 0."""
    numbered = (
        [(0, what)]
        if isinstance(what, SessionPlan)
        else [(one.number, one.plan) for one in what.sessions]
    )
    for number, plan in numbered:
        if plan.brief.day and plan.brief.at is not None:
            yield number, plan


def _event(plan: SessionPlan, number: int, now: datetime) -> Event:
    labels = read_labels()
    begins, ends = _times(plan.brief)
    event = Event()
    event.add("uid", _uid(plan.brief, number))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", cut(plan.title, _LONGEST_SUMMARY))
    lines = [f"{labels.plan.purpose}: {on_one_line(plan.purpose)}"]
    if plan.preparation.pre_read:
        lines.append(f"{labels.calendar.pre_read}:")
        lines += [f"- {on_one_line(one)}" for one in plan.preparation.pre_read]
    event.add("description", clean("\n".join(lines)))
    return event


def _times(brief: SessionBrief) -> tuple[datetime, datetime]:
    """When a session begins and ends. A session lasts its minutes, though clocks may change."""
    if brief.day is None or brief.at is None:
        raise ValueError("a session without a day and a time has no place in a calendar")
    if brief.day.year not in _YEARS:
        raise TakeawayError(
            f"The year {brief.day.year} cannot be put into a calendar.",
            f"Choose a day from {_YEARS[0]} to {_YEARS[-1]}.",
        )
    begins = datetime.combine(brief.day, brief.at.replace(tzinfo=None, second=0, microsecond=0))
    lasts = timedelta(minutes=brief.minutes)
    if not brief.zone:
        return begins, begins + lasts
    zone = _zone(brief.zone)
    instant = begins.replace(tzinfo=zone).astimezone(UTC)
    return instant.astimezone(zone), (instant + lasts).astimezone(zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones
        raise TakeawayError(
            f"There is no time zone {cut(name, 60)!r}.",
            "Name one as in “Europe/London”, or leave it out.",
        ) from error


def _uid(brief: SessionBrief, number: int) -> str:
    """The same for the same session, however its plan changes on that day."""
    parts = (
        brief.stage, brief.setting, brief.team, brief.innovation, brief.purpose, str(brief.day),
        str(number),
    )  # fmt: skip
    return f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}@{_HOST}"
