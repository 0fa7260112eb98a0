"""The records of session plans: what a coach asks for, and what is prepared.

Minutes are whole minutes. Nothing about a team is in a plan but what its brief says.
"""

from datetime import date, time
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from assistant.records import Citation, Claim, Record, Sector, Stage, Usage, require_listed

Mode = Literal["room", "online", "hybrid"]

SHORTEST_SESSION, LONGEST_SESSION = 20, 240  # minutes
SMALLEST_GROUP, LARGEST_GROUP = 2, 60  # people


class SessionBrief(Record):
    """What a session is to be prepared for. What a coach did not say stays empty, or is named in
    `assumed` by the field's name where a plan cannot do without. `topics` are ids of the
    coaching data that the session is about, whatever its purpose says; `left_out` are ids of
    activities that are not wanted, `stage_cue` the words that the stage was guessed from."""

    stage: Stage
    minutes: int = Field(ge=SHORTEST_SESSION, le=LONGEST_SESSION)
    setting: str = Field(min_length=1, max_length=200)
    sector: Sector
    purpose: str = Field(default="", max_length=1_000)
    topics: tuple[str, ...] = ()
    innovation: str = Field(default="", max_length=200)
    team: str = Field(default="", max_length=200)
    country: str = Field(default="", max_length=200)
    mode: Mode = "room"
    size: int = Field(default=8, ge=SMALLEST_GROUP, le=LARGEST_GROUP)
    low_energy: bool = False
    more_doing: bool = False
    last_time: str = Field(default="", max_length=4_000)
    day: date | None = None
    at: time | None = None
    zone: str = ""
    left_out: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    stage_cue: str = ""

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value and value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone; one is Europe/London")
        return value


class Objective(Record):
    """What the team will have at the end: "agreed ...", the `product` that shows it, and the
    number of the agenda's item, from 1, that makes it."""

    text: str
    product: str
    item: int


class Step(Record):
    """A part of an agenda's item."""

    minutes: int = Field(ge=1)
    text: str


class AgendaItem(Record):
    """One item of an agenda. `start` is in minutes from the beginning of the session; `activity`
    is the id in the bank, for items that come from there. Steps take all of the item's minutes.
    `owner` is empty where the team has to choose."""

    start: int = Field(ge=0)
    minutes: int = Field(ge=2)
    kind: Literal["welcome", "story", "idea", "activity", "decide", "actions", "break"]
    title: str
    aim: str
    steps: tuple[Step, ...]
    owner: str = ""
    activity: str | None = None
    grouping: str = ""
    materials: tuple[str, ...] = ()
    output: str = ""
    online: str = ""
    low_energy: str = ""
    shorten: str = ""

    @model_validator(mode="after")
    def _steps_fill_it(self) -> Self:
        if sum(step.minutes for step in self.steps) != self.minutes:
            raise ValueError(f"the steps of {self.title!r} do not take its {self.minutes} minutes")
        return self


class DiscussionPrompt(Record):
    """An open question for the team, and what it is about. `origin` is the line of the coaching
    data that it was made of."""

    text: str
    about: Literal["stage", "topic", "equity", "failure"]
    origin: str = ""


class ReadinessItem(Record):
    """A statement that a team marks yes, partly or not yet, and what to do where it is low."""

    text: str
    if_low: str


class Risk(Record):
    """What may go wrong in the room, and what the coach can do."""

    text: str
    response: str


class PlannedAction(Record):
    """Something to be done after the session. Owner and date are blanks for the team to fill."""

    action: str
    success_sign: str
    support: str = ""
    owner: str = ""
    due: str = ""


class Preparation(Record):
    """What is done before the session: by the coach, what the team reads in at most ten minutes,
    and what it brings."""

    coach: tuple[str, ...]
    pre_read: tuple[str, ...]
    bring: tuple[str, ...]


class SessionPlan(Record):
    """A timed plan for one session. `ideas` are quoted from the guidance and cited as in an
    answer; everything else is from the coaching data or from the brief."""

    title: str
    brief: SessionBrief
    purpose: str
    stage_evidence: str
    objectives: tuple[Objective, ...] = Field(min_length=2, max_length=4)
    success_sign: str
    preparation: Preparation
    total_minutes: int
    agenda: tuple[AgendaItem, ...]
    prompts: tuple[DiscussionPrompt, ...] = Field(min_length=4, max_length=8)
    ideas: tuple[Claim, ...] = Field(max_length=3)
    readiness: tuple[ReadinessItem, ...]
    readiness_note: str
    risks: tuple[Risk, ...]
    actions: tuple[PlannedAction, ...]
    feedback: tuple[str, ...]
    accessibility: tuple[str, ...]
    citations: tuple[Citation, ...]
    notices: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    engine: str
    usage: Usage | None = None
    index: str
    fingerprints: dict[str, str]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        end = 0
        for item in self.agenda:
            if item.start != end:
                raise ValueError(f"{item.title!r} must start at minute {end}")
            end += item.minutes
        if not end == self.total_minutes == self.brief.minutes:
            raise ValueError(f"the agenda takes {end} minutes of {self.brief.minutes}")
        if any(not 1 <= objective.item <= len(self.agenda) for objective in self.objectives):
            raise ValueError("an objective names an item that is not on the agenda")
        require_listed(self.ideas, self.citations)
        return self


class SeriesSession(Record):
    """One session of a series. `when` says its place in time, such as "Month 3"."""

    number: int = Field(ge=1)
    when: str
    plan: SessionPlan


class SessionSeries(Record):
    """Sessions that build on each other, along the stages."""

    title: str
    span: str
    sessions: tuple[SeriesSession, ...] = Field(min_length=2)
    notices: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
