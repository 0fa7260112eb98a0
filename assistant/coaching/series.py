"""Sessions over a span of time, along the stages, each with its own purpose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.coaching.amounts import counts_in
from assistant.coaching.bank import Bank
from assistant.coaching.choosing import topics_of
from assistant.coaching.lines import Lines
from assistant.errors import BriefError
from assistant.plans import SessionBrief
from assistant.prompts import fill
from assistant.records import Stage

FEWEST, MOST = 2, 12  # sessions
USUAL_SPAN = "a year"

_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|twenty)"
_SERIES = re.compile(
    rf"\b(?:(?:series|programme|sequence) of )?(?P<count>{_NUMBER}|several)[ -]"
    r"(?:[\w-]+ ){0,3}?(?:sessions|meetings|workshops)\b"
    r"|\b(?:series|programme|sequence) of (?:[\w-]+ )?(?:sessions|meetings|workshops)\b",
    re.IGNORECASE,
)
# "We had six sessions already."
_HELD = re.compile(r"\b(?:had|held|did|done|after|attended)\s+(?:[\w']+\s+){0,2}$", re.IGNORECASE)
_SPAN = re.compile(
    rf"\b(?:over|in|across|during|for|within)\s+(?:the (?:next|course of)\s+)?"
    rf"(?P<span>(?:(?:{_NUMBER}|a|an|one|the|this|next|school|half|autumn|spring|summer|winter|whole)\s+)*"
    r"(?:year|years|months?|terms?|weeks?|days?))\b",
    re.IGNORECASE,
)
_SESSION = re.compile(
    rf"\bsession (?P<n>{_NUMBER})\b|\bthe (?P<nth>first|second|third|fourth|fifth|sixth|last)\b",
    re.IGNORECASE,
)
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
# What a span is counted in, and how many there are in one; from three on, spans count themselves.
_UNITS = {
    "year": ("Month", 12), "term": ("Week", 13), "month": ("Week", 4), "week": ("Day", 5),
    "day": ("Day", 1),
}  # fmt: skip
_COUNTED = ("month", "week", "day")
_USUAL_COUNT = 6


@dataclass(frozen=True)
class SeriesSaid:
    """How many sessions are wanted, over what."""

    count: int
    span: str


def series_in(text: str) -> SeriesSaid | None:
    """The series that a text asks for; None if it asks for none. Raises BriefError for one session
    or too many."""
    match = _SERIES.search(text)
    if match is None:
        return None
    if _HELD.search(text, 0, match.start()):
        return None
    count = next(iter(counts_in(match["count"] or "")), _USUAL_COUNT)
    require_count(count)
    span = _SPAN.search(text)
    return SeriesSaid(count, " ".join(span["span"].split()) if span else USUAL_SPAN)


def require_count(count: int) -> None:
    """Raise BriefError unless a series can have so many sessions."""
    if not FEWEST <= count <= MOST:
        raise BriefError(
            f"A series has {FEWEST} to {MOST} sessions, and not {count}.",
            "Ask for fewer, or for one session.",
        )


def session_in(text: str, count: int) -> int | None:
    """The number of the session that a text speaks of; None if of none. Raises BriefError for one
    that is not there."""
    match = _SESSION.search(text)
    if match is None:
        return None
    if match["n"]:
        (wanted,) = counts_in(match["n"])
    else:
        nth = match["nth"].lower()
        wanted = count if nth == "last" else _NTH.index(nth) + 1
    if not 1 <= wanted <= count:
        raise BriefError(f"There is no session {wanted}: the series has {count}.", "Name another.")
    return wanted


def without_session(text: str) -> str:
    """A text without the words that name a session."""
    return _SESSION.sub("it", text)


def stages_of(bank: Bank, first: Stage, count: int) -> tuple[Stage, ...]:
    """The stage of each session of a series that begins at a stage."""
    order = bank.shapes.series[first]
    if count < len(order):
        return order[:count]
    return tuple(order[n * len(order) // count] for n in range(count))


def whens(count: int, span: str) -> tuple[str, ...]:
    """When each session takes place, such as "Month 3", spread over a span."""
    plain = span.lower()
    name = next((name for name in _UNITS if name in plain), None)
    if name is None:
        return tuple(f"Session {n}" for n in range(1, count + 1))
    spans = next(iter(counts_in(plain)), 1)
    unit, in_one = _UNITS[name]
    if spans > 2 and name in _COUNTED:
        unit, in_one = name.capitalize(), 1
    total = max(1, in_one * spans // (2 if "half" in plain else 1))
    return tuple(f"{unit} {n * total // count + 1}" for n in range(count))


def briefs_of(
    bank: Bank, lines: Lines, first: SessionBrief, stages: Sequence[Stage]
) -> list[SessionBrief]:
    """A brief for each session: the first as it was given, the others on the usual topics of their
    stage, none twice."""
    briefs: list[SessionBrief] = []
    taken = set(topics_of(bank, first)) if first.purpose else set()
    for n, stage in enumerate(stages):
        if n == 0 and first.purpose and stage is first.stage:
            briefs.append(first)
            continue
        free = [topic for topic in bank.stages[stage].topics if topic not in taken]
        topic = (free or list(bank.stages[stage].topics))[0]
        taken.add(topic)
        purpose = fill(lines.focus, topic=bank.topics[topic].title)
        told: dict[str, object] = {
            "stage": stage,
            "purpose": purpose,
            "topics": (topic,),
            "stage_cue": "",
        }
        told |= {"last_time": "", "day": None} if n else {}
        briefs.append(first.model_copy(update=told))
    return briefs
