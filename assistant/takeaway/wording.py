"""What a plan says of its times and its brief, in words. Pure."""

from datetime import date, datetime, time, timedelta

from assistant.plans import SessionBrief, SessionPlan
from assistant.prompts import fill
from assistant.takeaway.labels import read_labels


def clock(brief: SessionBrief, minute: int) -> str:
    """A minute of a session as the time of day, such as 14:05, or counted from 0:00 if nobody
    said when it begins."""
    if brief.at is None:
        return f"{minute // 60}:{minute % 60:02}"
    begins = datetime.combine(date(2000, 1, 1), time(brief.at.hour, brief.at.minute))
    return f"{begins + timedelta(minutes=minute):%H:%M}"


def times(brief: SessionBrief, start: int = 0, minutes: int | None = None) -> str:
    """From when to when a part of a session is, or all of it."""
    end = start + (brief.minutes if minutes is None else minutes)
    line = read_labels().plan.times
    return fill(line, start=clock(brief, start), end=clock(brief, end))


def date_line(brief: SessionBrief) -> str:
    """Day and time of a session as a person writes them; empty if neither is known."""
    day = f"{brief.day:%A} {brief.day.day} {brief.day:%B} {brief.day.year}" if brief.day else ""
    if brief.at is None:
        return day
    zone = f" ({brief.zone})" if brief.zone else ""
    when = times(brief) + zone
    return f"{day}, {when}" if day else when


def facts(plan: SessionPlan) -> list[tuple[str, str]]:
    """What a plan rests on, by name. What the brief did not say is marked as assumed."""
    labels, brief = read_labels().plan, plan.brief
    found = {
        "setting": (labels.setting, brief.setting),
        "sector": (labels.sector, labels.sectors[brief.sector]),
        "team": (labels.team, brief.team),
        "country": (labels.country, brief.country),
        "innovation": (labels.innovation, brief.innovation),
        "purpose": (labels.wanted, brief.purpose),
        "stage": (labels.stage, labels.stages[brief.stage]),
        "minutes": (labels.length, fill(labels.minutes, minutes=brief.minutes)),
        "mode": (labels.mode, labels.modes[brief.mode]),
        "size": (labels.size, fill(labels.people, size=brief.size)),
        "last_time": (labels.last_time, brief.last_time),
        "day": (labels.date, date_line(brief) or labels.no_date),
    }
    return [
        (label, fill(labels.assumed, value=value) if name in brief.assumed else value)
        for name, (label, value) in found.items()
        if value
    ]
