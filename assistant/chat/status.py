"""How the server is doing, in words: what an admin reads at `/status`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from assistant.app import Assistant, IndexFacts
from assistant.chat.happenings import Happenings
from assistant.chat.opening import Opening
from assistant.chat.strings import StatusStrings
from assistant.prompts import fill


@dataclass(frozen=True)
class Section:
    """Lines under a heading, each of a name and what there is to say of it."""

    title: str
    lines: tuple[tuple[str, str], ...]


def installed_version() -> str:
    """The version of the product; empty where it runs without being installed."""
    try:
        return version("implementation-assistant")
    except PackageNotFoundError:
        return ""


def sections_of(
    opening: Opening, happenings: Happenings, facts: IndexFacts | None, words: StatusStrings
) -> list[Section]:
    """All but the errors. `facts` are None where the index cannot be read."""
    assistant = opening.assistant
    sections = [
        Section(words.server, tuple(_server(happenings, words))),
        Section(words.index, tuple(_index(facts, opening.readiness.problem, words))),
    ]
    if assistant:
        sections.append(Section(words.models, tuple(_models(assistant, words))))
    return [
        *sections,
        Section(words.now, tuple(_now(happenings, words))),
        Section(words.answers, tuple(_answers(happenings, words))),
    ]


def _server(happenings: Happenings, words: StatusStrings) -> Sequence[tuple[str, str]]:
    since = fill(
        words.since, when=shown(happenings.began), length=_length(
            datetime.now(UTC) - happenings.began, words
        ),
    )  # fmt: skip
    return [(words.version, installed_version() or words.unknown), (words.running, since)]


def _index(
    facts: IndexFacts | None, problem: str, words: StatusStrings
) -> Sequence[tuple[str, str]]:
    if facts is None:
        return [(words.documents, problem or words.unreadable)]
    changed = fill(words.changed, count=f"{facts.changed:,}") if facts.changed else words.unchanged
    return [
        (words.documents, f"{facts.documents:,}"),
        (words.passages, f"{facts.chunks:,}"),
        (words.files, changed),
        (words.fingerprint, facts.fingerprint),
    ]


def _models(assistant: Assistant, words: StatusStrings) -> Sequence[tuple[str, str]]:
    name, is_fast = assistant.embedding
    model = assistant.model
    writes = f"{model.provider}:{model.name}" if model else words.quoted
    return [
        (words.reads, fill(words.fast if is_fast else words.slow, name=name)),
        (words.writes, writes),
    ]


def _now(happenings: Happenings, words: StatusStrings) -> Sequence[tuple[str, str]]:
    return [
        (words.under_way, f"{happenings.under_way:,}"),
        (words.waiting, f"{happenings.waiting:,}"),
        (words.pages, f"{happenings.sockets:,}"),
    ]


def _answers(happenings: Happenings, words: StatusStrings) -> Sequence[tuple[str, str]]:
    outcomes, seconds = happenings.outcomes, happenings.seconds
    counts = (
        (words.given, outcomes["answered"]),
        (words.plans, outcomes["plan"] + outcomes["series"]),
        (words.declined, outcomes["declined"]),
        (words.refused, outcomes["refused"]),
        (words.stopped, outcomes["stopped"]),
        (words.failed, outcomes["failed"]),
    )
    lines = [(name, f"{count:,}") for name, count in counts]
    if seconds:
        for share, name in ((0.5, words.half), (0.95, words.most)):
            took = f"{quantile(seconds, share):.2f}"
            lines.append((name, fill(words.seconds, seconds=took)))
    return lines


def quantile(ranked: Sequence[float], share: float) -> float:
    """The least of the values, in rising order, that so large a share of them does not exceed."""
    return ranked[max(0, -int(-len(ranked) * share // 1) - 1)]


def shown(when: datetime) -> str:
    """A time as it is read, in UTC."""
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _length(time: timedelta, words: StatusStrings) -> str:
    days, hours, minutes = time.days, time.seconds // 3600, time.seconds // 60 % 60
    values = {"days": f"{days:,}", "hours": str(hours), "minutes": str(minutes)}
    return fill(words.days if days else words.hours if hours else words.minutes, **values)
