"""What plans are made with in tests: the shipped coaching data, and guidance that is scripted."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from assistant.coaching.bank import Bank, read_bank
from assistant.coaching.brief import make_brief
from assistant.coaching.lines import Lines, read_lines
from assistant.coaching.plan import Coaching, make_plan
from assistant.errors import AssistantError
from assistant.plans import SessionBrief, SessionPlan
from assistant.records import Answer, Citation, Claim, Decline, Stage
from assistant.resources import shipped_coaching

T = TypeVar("T")
INDEX = "0123456789ab"
FILES = ("activities", "prompts", "readiness", "stages", "topics", "shapes", "sectors")


@cache
def bank() -> Bank:
    return read_bank(shipped_coaching())


@cache
def lines() -> Lines:
    return read_lines()


def copy_of_the_data(folder: Path) -> Path:
    """The shipped coaching data in a folder of its own, to be edited."""
    return Path(shutil.copytree(shipped_coaching(), folder / "coaching"))


def edit(folder: Path, name: str, change: Callable[[Any], Any]) -> Path:
    """One file of a copy with a change, which may return what is to stand there instead."""
    path = folder / f"{name}.yaml"
    data = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    changed = change(data)
    # JSON is YAML as well, and written ten times as fast.
    path.write_text(json.dumps(data if changed is None else changed), "utf-8")
    return path


def nearness(text: str, others: Sequence[str]) -> list[float]:
    """How near texts are by a hash of both: any order, but the same every time."""
    return [
        hashlib.sha256(f"{text}|{other}".encode()).digest()[0] / 256 * 0.6 if text else 0.0
        for other in others
    ]


def quoted(question: str, *sentences: str, confidence: float = 0.9) -> Answer:
    """An answer that quotes sentences, each from a place of its own."""
    said = sentences or (f"The guidance has a sentence about the question {question.rstrip('?')}.",)
    start = int(hashlib.sha256(question.encode()).hexdigest()[:6], 16)
    places = [start + 1000 * n for n in range(len(said))]
    return Answer(
        question=question, resolved_question=question, outcome="answered", text=" ".join(said),
        confidence=confidence, engine="extractive", index=INDEX, prompts={}, decline=None,
        claims=tuple(
            Claim(text=one, support="verbatim", citations=(n,)) for n, one in enumerate(said, 1)
        ),
        citations=tuple(
            Citation(
                number=n, document_id="note", title="A note", publisher=None, year=2026, url=None,
                section="A part", start=place, end=place + len(one), quote=one,
                document_sha256="0" * 64,
            )
            for n, (one, place) in enumerate(zip(said, places, strict=True), 1)
        ),
    )  # fmt: skip


def declined(question: str, reason: Any, refer_to: str | None = None) -> Answer:
    """An answer that declines."""
    return Answer(
        question=question, resolved_question=question, outcome="declined", confidence=0.1,
        text="Nothing here answers this.", claims=(), citations=(), engine="extractive",
        index=INDEX, prompts={},
        decline=Decline(reason=reason, missing="it", refer_to=refer_to, nearest=()),
    )  # fmt: skip


class ScriptedConsult:
    """Answers by the question, with a quote about it unless the script has something else; it
    remembers what it was asked."""

    def __init__(self, script: dict[str, Answer] | None = None) -> None:
        self.script = script or {}
        self.asked: list[str] = []

    def __call__(self, question: str) -> Answer:
        self.asked.append(question)
        return self.script.get(question) or quoted(question)


def coaching(
    consult: Callable[[str], Answer] = quoted, data: Bank | None = None
) -> Coaching:  # fmt: skip
    """What plans are made with. Every note that is read beforehand is in the index."""
    return Coaching(data or bank(), lines(), nearness, consult, lambda name: f"Title of {name}")


def brief(**given: Any) -> SessionBrief:
    """A brief for a primary school at exploration, where nothing else is given."""
    known = {"stage": Stage.EXPLORATION, "setting": "primary school", "minutes": 60, "size": 8}
    return make_brief(bank(), known | {"mode": "room"} | given)


def plan(**given: Any) -> SessionPlan:
    """A plan for such a brief."""
    return make_plan(coaching(), brief(**given), INDEX)


def outcome(make: Callable[[], T]) -> T | AssistantError:
    """What comes of it, or the error that says why nothing does."""
    try:
        return make()
    except AssistantError as error:
        return error


def activities_of(made: SessionPlan) -> list[str]:
    """The ids of a plan's activities, in their order."""
    return [item.activity for item in made.agenda if item.activity]
