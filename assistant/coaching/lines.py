"""The product's own words in a plan, from `prompts/coaching.yaml`."""

from assistant import prompts
from assistant.plans import Mode
from assistant.records import Record


class AssumedLines(Record):
    """What is said of what a brief left out, by the field."""

    usual: str
    minutes: str
    size: str
    mode: str
    sector: str
    stage: str
    setting: str


class ChangedLines(Record):
    """What is said of a change, by the field of the brief or by what became of activities."""

    minutes: str
    stage: str
    setting: str
    mode: str
    size: str
    purpose: str
    day: str
    at: str
    zone: str
    innovation: str
    team: str
    country: str
    last_time: str
    low_energy: str
    full_energy: str
    more_doing: str
    more_talking: str
    added: str
    dropped: str
    kept: str
    kept_shorter: str
    nothing: str
    session: str
    sequence: str


class Lines(Record):
    """All lines. `fingerprint` is that of the file, twelve hexadecimal digits."""

    title: str
    title_of_long: str
    series_title: str
    works_on: str
    focus: str
    stage_said: str
    stage_assumed: str
    success: str
    last_time: str
    pre_read: str
    agreed: str
    agreed_product: str
    assumed: AssumedLines
    no_ideas: str
    no_idea_at_all: str
    tired: str
    changed: ChangedLines
    polished: str
    not_polished: str
    mode_names: dict[Mode, str]
    fingerprint: str = ""


_VARIABLES = {
    "title": {"stage", "purpose"}, "title_of_long": {"stage", "setting"},
    "series_title": {"count", "span", "setting"},
    "works_on": {"purpose"}, "focus": {"topic"}, "stage_said": {"stage", "shown_by"},
    "stage_assumed": {"stage", "shown_by", "cue"}, "success": {"products"}, "last_time": {"notes"},
    "pre_read": {"title"}, "no_ideas": {"purpose"},
    "assumed.usual": {"what"}, "assumed.minutes": {"value"}, "assumed.size": {"value"},
    **{f"changed.{name}": {"old", "new"} for name in
       ("minutes", "stage", "setting", "mode", "size", "purpose")},
    **{f"changed.{name}": {"new"} for name in
       ("day", "at", "zone", "innovation", "team", "country")},
    **{f"changed.{name}": {"titles"} for name in ("added", "dropped", "kept", "kept_shorter")},
    "polished": {"model", "count", "refused"}, "not_polished": {"why", "model"},
    "changed.session": {"number", "change"}, "changed.sequence": {"stages"},
}  # fmt: skip


def read_lines() -> Lines:
    """The lines of a plan. Raises PromptError."""
    lines, fingerprint = prompts.read_lines("coaching", Lines, _VARIABLES)
    return lines.model_copy(update={"fingerprint": fingerprint})
