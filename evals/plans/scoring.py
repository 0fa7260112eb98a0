"""Ten points of a session plan, each told by a rule."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from string import Template
from typing import Any

from assistant.from_yaml import from_yaml
from assistant.plans import SessionPlan
from assistant.records import Record

Show = Callable[[str], tuple[str, str]]
"""A document's id to its sha256 and text."""

_OPEN = re.compile(r"(?:What|How|Who|Whom|Whose|Which|Where|When|If|In|For|To)\b[^?]*\?$")
_BLAME = re.compile(r"\bwhy (?:did|do|have|has)n'?t\b|\bfault\b|\bto blame\b", re.I)
_PEOPLE = {
    "education": ("pupils",), "health": ("patients",),
    "social-care": ("people who use the service",), "public-services": ("service users",),
}  # fmt: skip
_BREAK_FROM = 90  # minutes
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Brief(Record):
    """A coach's words, and what has to be read from them."""

    id: str
    says: str
    wants: dict[str, Any]


@dataclass(frozen=True)
class Points:
    """The ten points."""

    times_add_up: bool
    fits_the_stage: bool
    objectives_have_products: bool
    activities_fit_the_group: bool
    prompts_are_open: bool
    equity_and_voice: bool
    actions_can_be_assigned: bool
    citations_are_real: bool
    words_of_the_sector: bool
    nothing_is_invented: bool

    @property
    def lost(self) -> list[str]:
        """The names of the points that were not made."""
        return [field.name for field in fields(self) if not getattr(self, field.name)]


def read_briefs(path: Path) -> tuple[Brief, ...]:
    """The briefs of a file."""
    return tuple(Brief.model_validate(one) for one in from_yaml(path.read_bytes()))


class Rubric:
    """Scores plans by the coaching data of a folder and by the documents that they cite."""

    def __init__(self, coaching: Path, show: Show) -> None:
        self._data = {
            path.stem: from_yaml(path.read_bytes()) for path in sorted(coaching.glob("*.yaml"))
        }
        self._activities = {one["id"]: one for one in self._data["activities"]}
        self._show = show

    def points(self, plan: SessionPlan, wants: Mapping[str, Any]) -> Points:
        """The points of a plan for a brief that wants such values of its fields."""
        brief, agenda = plan.brief, plan.agenda
        chosen = [self._activities[item.activity] for item in agenda if item.activity]
        outputs = {item.output for item in agenda} | {plan.objectives[-1].product}
        return Points(
            times_add_up=sum(item.minutes for item in agenda) == wants["minutes"]
            and min(item.minutes for item in agenda) >= 2
            and (brief.minutes < _BREAK_FROM or any(item.kind == "break" for item in agenda)),
            fits_the_stage=brief.stage == wants["stage"]
            and bool(chosen)
            and all(brief.stage in one["stages"] for one in chosen),
            objectives_have_products=all(
                one.text and one.product in outputs for one in plan.objectives
            )
            and {one.item for one in plan.objectives}
            >= {n for n, item in enumerate(agenda, 1) if item.activity},
            activities_fit_the_group=all(
                one["size"]["least"] <= brief.size <= one["size"]["most"]
                and brief.mode in one["modes"]
                for one in chosen
            )
            and all(getattr(brief, name) == wanted for name, wanted in wants.items()),
            prompts_are_open=all(
                _OPEN.match(one.text) and not _BLAME.search(one.text) for one in plan.prompts
            ),
            equity_and_voice=any(one.about == "equity" for one in plan.prompts),
            actions_can_be_assigned=bool(plan.actions)
            and all(
                one.action and one.success_sign and not one.owner and not one.due
                for one in plan.actions
            ),
            citations_are_real=bool(plan.ideas) and all(self._is_real(plan)),
            words_of_the_sector=self._speaks_as(plan),
            nothing_is_invented=not list(self.invented(plan)),
        )

    def _is_real(self, plan: SessionPlan) -> Iterator[bool]:
        for idea in plan.ideas:
            for number in idea.citations:
                citation = plan.citations[number - 1]
                sha256, text = self._show(citation.document_id)
                yield sha256 == citation.document_sha256
                yield text[citation.start : citation.end] == citation.quote
                yield idea.text in citation.quote

    def _speaks_as(self, plan: SessionPlan) -> bool:
        said = " ".join(own_lines(plan)).lower()
        given = f"{plan.brief.purpose} {plan.brief.last_time}".lower()
        others = [word for name, words in _PEOPLE.items() if name != plan.brief.sector
                  for word in words]  # fmt: skip
        return not any(word in said and word not in given for word in others)

    def invented(self, plan: SessionPlan) -> Iterator[str]:
        """Sentences of a plan that are neither in the coaching data nor in its brief."""
        words = self._words(plan)
        known = {
            sentence
            for line in _lines(self._data)
            for sentence in _SENTENCE.split(Template(line).safe_substitute(words).strip())
        }
        for line in own_lines(plan):
            for sentence in _SENTENCE.split(line.strip()):
                if sentence and sentence not in known:
                    yield sentence

    def _words(self, plan: SessionPlan) -> dict[str, str]:
        sector = dict(self._data["sectors"][plan.brief.sector])
        for kind, words in sector.pop("places").items():
            if plan.brief.setting.lower().endswith(kind):
                sector |= words
        return {name: word for name, word in sector.items() if isinstance(word, str)}


def own_lines(plan: SessionPlan) -> Iterator[str]:
    """What a plan says to the team, its ideas and what repeats the brief left out."""
    for item in plan.agenda:
        yield from (item.aim, item.output, item.online, item.low_energy, item.shorten)
        yield from (step.text for step in item.steps)
        yield from (item.grouping, *item.materials)
    yield from (prompt.text for prompt in plan.prompts)
    for one in plan.readiness:
        yield from (one.text, one.if_low)
    for risk in plan.risks:
        yield from (risk.text, risk.response)
    for action in plan.actions:
        yield from (action.action, action.success_sign, action.support)
    yield from plan.preparation.bring
    yield from plan.feedback
    yield from plan.accessibility


def _lines(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _lines(value)
    elif isinstance(data, list):
        for value in data:
            yield from _lines(value)
