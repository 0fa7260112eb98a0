"""The records of the coaching data: what may stand in the files of `corpus/coaching`."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assistant.plans import LARGEST_GROUP, SMALLEST_GROUP, Mode
from assistant.records import Record, Stage

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
"""One line of text, in which the words of a sector stand as $people, $staff and so on."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Part = Literal["welcome", "story", "idea", "activity", "decide", "actions", "break"]
About = Literal["stage", "topic", "equity", "failure"]

MOST_WORDS = 25  # of a prompt
_OPEN = re.compile(r"(?:What|How|Who|Whom|Whose|Which|Where|When|If|In|For|To)\b[^?]*\?$")


def is_open_question(text: str) -> bool:
    """Whether a text is one question to which yes or no is no answer."""
    return _OPEN.match(text) is not None


class Range(Record):
    """From `least` to `most`, both included."""

    least: int = Field(ge=1)
    most: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most < self.least:
            raise ValueError(f"`most` ({self.most}) is less than `least` ({self.least})")
        return self

    def __contains__(self, value: int) -> bool:
        return self.least <= value <= self.most


class Minutes(Range):
    """How long an activity takes. `usual` is what a group needs that does not hurry."""

    usual: int

    @model_validator(mode="after")
    def _usual_between(self) -> Self:
        if self.usual not in self:
            raise ValueError(f"`usual` ({self.usual}) is not from `least` to `most`")
        return self


class ActivityStep(Record):
    """A step of an activity and its share of the time, in parts."""

    share: int = Field(ge=1, le=20)
    do: Line


class Activity(Record):
    """Something that a group does. `objective` completes "By the end the team will have ...",
    `output` is what exists afterwards."""

    id: Name
    title: Line
    aim: Line
    stages: tuple[Stage, ...] = Field(min_length=1)
    topics: tuple[Name, ...] = Field(min_length=1)
    minutes: Minutes
    size: Range
    modes: tuple[Mode, ...] = Field(min_length=1)
    doing: bool
    grouping: Line
    materials: tuple[Line, ...]
    steps: tuple[ActivityStep, ...] = Field(min_length=3, max_length=7)
    objective: Line
    output: Line
    online: Line
    low_energy: Line
    shorten: Line

    @model_validator(mode="after")
    def _has_time_for_its_steps(self) -> Self:
        if self.minutes.least < 2 * len(self.steps):
            raise ValueError(f"{len(self.steps)} steps need at least {2 * len(self.steps)} minutes")
        if self.size.least < SMALLEST_GROUP or self.size.most > LARGEST_GROUP:
            raise ValueError(f"sizes go from {SMALLEST_GROUP} to {LARGEST_GROUP}")
        return self


class BankPrompt(Record):
    """An open question for a team, for stages, and for topics if it is about one."""

    text: Line
    about: About
    stages: tuple[Stage, ...] = Field(min_length=1)
    topics: tuple[Name, ...] = ()


class BankReadinessItem(Record):
    """A statement that a team can mark, and what helps where it is not true yet."""

    text: Line
    if_low: Line
    stages: tuple[Stage, ...] = Field(min_length=1)


class Readiness(Record):
    """The readiness check. `note` says what it is not."""

    note: Line
    items: tuple[BankReadinessItem, ...] = Field(min_length=10)


class BankRisk(Record):
    """What may go wrong in the room, and what the coach can do."""

    text: Line
    response: Line


class BankAction(Record):
    """An action that often follows, with the sign that it is done."""

    action: Line
    success_sign: Line
    support: Line


class StageData(Record):
    """What a session needs at a stage. `names` are what other frameworks call it, `shown_by` what
    a team can see of it, `ask` what the guidance is asked for ideas, `pre_read` ids of notes."""

    title: Line
    names: tuple[Line, ...]
    shown_by: Line
    purpose: Line
    topics: tuple[Name, ...] = Field(min_length=2)
    bring: tuple[Line, ...] = Field(min_length=2)
    risks: tuple[BankRisk, ...] = Field(min_length=3)
    actions: tuple[BankAction, ...] = Field(min_length=3)
    ask: tuple[Line, ...] = Field(min_length=3)
    pre_read: tuple[Name, ...] = Field(min_length=1)


class TopicData(Record):
    """Something that a session can be about. A purpose is about it if one of the cues begins a
    word of it; `a + b` needs both."""

    title: Line
    cues: tuple[Line, ...] = Field(min_length=1)
    ask: tuple[Line, ...] = Field(min_length=1)


class PlaceWords(Record):
    """What a kind of place and whoever leads it are called."""

    place: Line
    leader: Line


class SectorWords(Record):
    """What people and places are called in a sector, and the cues that tell it. `places` are kinds
    of place with names of their own, by the word with which a setting ends."""

    cues: tuple[Line, ...] = Field(min_length=1)
    places: dict[Line, PlaceWords]
    place: Line
    people: Line
    families: Line
    staff: Line
    leader: Line


class ShapeItem(Record):
    """A part of an agenda that is no activity. Steps are shared out as those of an activity are."""

    title: Line
    aim: Line
    steps: tuple[ActivityStep, ...] = Field(min_length=1, max_length=4)
    online: Line
    output: str = ""
    shorten: str = ""


class Shapes(Record):
    """How a session is cut. `minutes` gives, for some lengths, the minutes of each part; other
    lengths lie between. `activities` is from which length on there are so many activities."""

    minutes: dict[int, dict[Part, int]] = Field(min_length=2)
    activities: dict[int, int]
    parts: dict[Part, ShapeItem]
    coach: tuple[Line, ...]
    feedback: tuple[Line, ...] = Field(min_length=3)
    accessibility: tuple[Line, ...] = Field(min_length=3)
    series: dict[Stage, tuple[Stage, ...]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for length, parts in self.minutes.items():
            if sum(parts.values()) != length:
                raise ValueError(f"the parts of {length} minutes take {sum(parts.values())}")
        missing = {part for parts in self.minutes.values() for part in parts} - {"activity"}
        missing -= self.parts.keys()
        if missing:
            raise ValueError(f"no words for the parts: {', '.join(sorted(missing))}")
        if self.series.keys() != set(Stage):
            raise ValueError("a series is needed for every stage")
        return self
