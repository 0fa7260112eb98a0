"""The product's own words: frame lines that carry no fact about the field, and what is said to
models. From files that anybody can edit."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from string import Template
from typing import Literal, TypeVar

import yaml
from pydantic import Field, ValidationError

from assistant.errors import AssistantError
from assistant.from_yaml import from_yaml
from assistant.records import Record
from assistant.resources import shipped_prompts

Lines = TypeVar("Lines", bound=Record)


class PromptError(AssistantError):
    """A prompt file lacks a line, or uses a variable that nobody fills."""


class DeclinedLines(Record):
    """How an answer begins that is none, by reason."""

    not_covered: str
    out_of_scope: str
    language: str
    local_fact: str
    needs_professional: str
    instruction: str


class FailedLines(Record):
    """Why a model's answer is not shown, by what went wrong."""

    unreachable: str
    slow: str
    rate_limited: str
    key: str
    unknown_model: str
    out_of_context: str
    server: str
    broken: str
    cut_off: str
    too_long: str
    empty: str
    refused: str
    language: str
    garbage: str
    unsupported: str


class DoubtLines(Record):
    """Why a sentence of a model's is not supported, by the doubt."""

    amount: str
    unit: str
    date: str
    name: str
    people: str
    denial: str
    duty: str
    quantity: str
    contrary: str
    cause: str
    condition: str
    words: str
    uncited: str
    not_offered: str
    opinion: str


class Frames(Record):
    """The lines of `prompts/frames.yaml`."""

    from_source: str
    senses: str
    says: str
    senses_relate: str
    side: str
    views_differ: str
    vague: str
    clarify_vague: str
    kept: str
    read_as: str
    figure_not_found: str
    follow_up: str
    nearest: str
    missing_terms: str
    missing: str
    refer_to: str
    written: str
    left_out: str
    marked: str
    not_supported: str
    doubt: DoubtLines
    quoted_instead: str
    failed: FailedLines
    declined: DeclinedLines
    corpus_changed: str


class Boundary(Record):
    """Cues of questions that no guidance answers, the reason, and whom to ask instead."""

    reason: Literal["instruction", "needs_professional"]
    refer_to: str | None = None
    cues: tuple[str, ...] = Field(min_length=1)

    def covers(self, question: str) -> bool:
        """Whether one of the cues stands in the question."""
        return any(has_cue(question, cue) for cue in self.cues)


def has_cue(text: str, cue: str) -> bool:
    """Whether a cue stands in a text: from the beginning of a word, whatever its case; `a + b`
    needs both."""
    return all(pattern.search(text) for pattern in _patterns(cue))


@cache  # cues come from files
def _patterns(cue: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b{re.escape(part.strip())}", re.I) for part in cue.split("+"))


_VARIABLES = {
    "from_source": {"title"}, "missing_terms": {"terms"}, "corpus_changed": {"count"},
    "refer_to": {"who"}, "senses": {"term"}, "says": {"title"}, "side": {"side"}, "kept": {"told"},
    "written": {"model"}, "left_out": {"count"}, "marked": {"count"}, "not_supported": {"why"},
    "quoted_instead": {"model", "why"},
    **{f"doubt.{name}": {"word"} for name in ("amount", "unit", "date", "name", "people", "duty",
       "quantity", "contrary", "cause", "condition", "not_offered")},
    "read_as": {"words"}, "figure_not_found": {"figure"}, "follow_up": {"title", "section"},
}  # fmt: skip


def read_frames() -> tuple[Frames, str]:
    """The frame lines and their fingerprint, twelve hexadecimal digits. Raises PromptError."""
    return read_lines("frames", Frames, _VARIABLES)


def read_lines(
    name: str, kind: type[Lines], variables: Mapping[str, Collection[str]]
) -> tuple[Lines, str]:
    """The lines of `prompts/<name>.yaml` and their fingerprint, twelve hexadecimal digits.
    `variables` has the $variables of a line by its name, "group.line" where lines stand in groups;
    the others have none. Raises PromptError."""
    path = shipped_prompts() / f"{name}.yaml"
    try:
        data = path.read_bytes()
        lines = kind.model_validate(from_yaml(data))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        problem = " ".join(str(error).split())
        raise PromptError(f"{path} cannot be used: {problem}.", "Correct or restore it.") from error
    for place, line in _named(lines.model_dump()):
        require_variables(f"{path}: the line {place!r}", line, variables.get(place, ()))
    return lines, hashlib.sha256(data).hexdigest()[:12]


def _named(lines: Mapping[str, str | Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for name, line in lines.items():
        if isinstance(line, str):
            yield name, line
        else:
            yield from ((f"{name}.{inner}", text) for inner, text in line.items())


def read_boundaries() -> tuple[Boundary, ...]:
    """The groups of `prompts/boundaries.yaml`, in their order. Raises PromptError."""
    path = shipped_prompts() / "boundaries.yaml"
    try:
        groups = from_yaml(path.read_bytes())
        return tuple(Boundary.model_validate(group) for group in groups)
    except (OSError, TypeError, yaml.YAMLError, ValidationError) as error:
        problem = " ".join(str(error).split())
        raise PromptError(f"{path} cannot be used: {problem}.", "Correct or restore it.") from error


@dataclass(frozen=True)
class Prompt:
    """What is said to a model: as its rules, and as what is asked. `fingerprint` is that of the
    file, twelve hexadecimal digits."""

    rules: str
    asked: str
    fingerprint: str


@dataclass(frozen=True)
class Prompts:
    """The prompts with which a model writes and checks."""

    answer: Prompt
    again: Prompt
    standalone: Prompt
    support: Prompt
    session: Prompt

    @property
    def fingerprints(self) -> dict[str, str]:
        """By name, as an answer gives them."""
        return {one.name: getattr(self, one.name).fingerprint for one in fields(self)}


_PROMPTS = {
    "answer": {"passages", "question", "words", "no_answer"},
    "again": {"faults"},
    "standalone": {"earlier", "last"},
    "support": {"passage", "sentence"},
    "session": {"setting", "innovation", "purpose", "lines", "words"},
}


def read_prompts() -> Prompts:
    """The prompts of `prompts/*.md`. A line "---" parts the rules from what is asked. Raises
    PromptError."""
    return Prompts(**{name: _prompt(name, wanted) for name, wanted in _PROMPTS.items()})


def read_prompt(name: str, wanted: Collection[str]) -> tuple[str, str]:
    """The text of `prompts/<name>.md`, which has just these $variables, and the sha256 of the
    file. Raises PromptError."""
    path = shipped_prompts() / f"{name}.md"
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except (OSError, ValueError) as error:
        raise PromptError(f"{path} cannot be used: {error}.", "Correct or restore it.") from error
    require_variables(str(path), text, wanted)
    return text, hashlib.sha256(data).hexdigest()


def _prompt(name: str, wanted: Collection[str]) -> Prompt:
    text, sha256 = read_prompt(name, wanted)
    rules, parted, asked = text.partition("\n---\n")
    if not parted:
        rules, asked = "", text
    return Prompt(rules.strip(), asked.strip(), sha256[:12])


def fenced(text: str) -> str:
    """Material that cannot close its fence: runs of three angle brackets are cut to two.

    Invisible characters go first: they could part such a run, or hide an instruction.
    """
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"([<>＜＞﹤﹥])[<>＜＞﹤﹥]{2,}", r"\1\1", visible)


def require_variables(place: str, text: str, wanted: Collection[str]) -> None:
    """Raise PromptError unless a text has just these $variables. `place` says where it stands."""
    template = Template(text)
    unknown = set(template.get_identifiers()) ^ set(wanted)
    if unknown or not template.is_valid():
        raise PromptError(
            f"{place} has or lacks ${', $'.join(sorted(unknown))}.",
            f"Its variables are: {', '.join(sorted(wanted)) or 'none'}.",
        )


def fill(line: str, **values: object) -> str:
    """A line with its $variables replaced. Raises KeyError for one that nobody fills."""
    return Template(line).substitute(values)
