"""The words of the product's own in what is taken away, from one file."""

from functools import cache
from pathlib import Path
from typing import TypeAlias

from assistant.from_yaml import from_yaml
from assistant.plans import Mode
from assistant.records import Record, Sector, Stage

_FILE = Path(__file__).with_name("labels.yaml")
Two: TypeAlias = tuple[str, str]
Four: TypeAlias = tuple[str, str, str, str]
Five: TypeAlias = tuple[str, str, str, str, str]


class AnswerLabels(Record):
    """Around an answer."""

    conversation: str
    understood_as: str
    clarify: str
    nearest: str
    note: str
    support: str
    support_line: str
    verbatim_mark: str
    unsupported: str


class SourceLabels(Record):
    """Around the list of sources."""

    heading: str
    none: str
    cited_as: str


class PlanLabels(Record):
    """In a plan. `*_names` are the headers of a table."""

    setting: str
    sector: str
    team: str
    country: str
    innovation: str
    stage: str
    length: str
    minutes: str
    mode: str
    size: str
    people: str
    date: str
    times: str
    time: str
    wanted: str
    last_time: str
    assumed: str
    no_date: str
    why_stage: str
    purpose: str
    objectives: str
    objectives_lead: str
    objective: str
    success: str
    preparation: str
    for_coach: str
    pre_read: str
    bring: str
    agenda: str
    agenda_names: Five
    agenda_item: str
    step_by_step: str
    item: str
    step: str
    aim: str
    grouping: str
    materials: str
    output: str
    owner: str
    online: str
    low_energy: str
    shorten: str
    prompts: str
    equity: str
    failure: str
    ideas: str
    no_ideas: str
    not_supported: str
    readiness: str
    readiness_names: Four
    readiness_item: str
    marks: str
    risks: str
    risks_names: Two
    risk: str
    decisions: str
    decisions_names: Four
    decision: str
    actions: str
    actions_names: Five
    action: str
    feedback: str
    accessibility: str
    notices: str
    changes: str
    modes: dict[Mode, str]
    stages: dict[Stage, str]
    sectors: dict[Sector, str]


class SeriesLabels(Record):
    """Around the plans of a series."""

    span: str
    overview: str
    names: Four
    session: str
    heading: str


class EmailLabels(Record):
    """In the draft of an e-mail."""

    subject: str
    subject_dated: str
    subject_question: str
    length: str
    date: str
    purpose: str
    span: str
    decisions: str
    actions: str
    action: str
    ideas: str
    pre_read: str
    bring: str
    sessions: str
    session: str
    more: str
    question: str


class SlideLabels(Record):
    """On slides and in their notes."""

    continued: str
    why: str
    success: str
    by_the_end: str
    decisions: str
    actions: str
    readiness: str
    idea: str
    feedback: str
    table: str
    time: str
    if_low: str
    prompts: str
    series: str


class CalendarLabels(Record):
    """In the description of an event."""

    pre_read: str


class FileNames(Record):
    """How the names of files begin, and what marks a draft."""

    answer: str
    conversation: str
    plan: str
    series: str
    email: str


class Labels(Record):
    """All of them."""

    answer: AnswerLabels
    sources: SourceLabels
    plan: PlanLabels
    series: SeriesLabels
    email: EmailLabels
    slides: SlideLabels
    calendar: CalendarLabels
    names: FileNames


@cache
def read_labels() -> Labels:
    """The lines of `labels.yaml`, which travels with the code."""
    return Labels.model_validate(from_yaml(_FILE.read_bytes()))
