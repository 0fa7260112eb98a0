"""The product's own words: frame lines that carry no fact about the field, from one file."""

import hashlib
import re
from collections.abc import Collection
from functools import cached_property
from string import Template
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from assistant.errors import AssistantError
from assistant.records import Record
from assistant.resources import shipped_prompts


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
    declined: DeclinedLines
    corpus_changed: str


class Boundary(Record):
    """Cues of questions that no guidance answers, the reason, and whom to ask instead.

    A cue is found from the beginning of a word, whatever its case; `a + b` needs both.
    """

    reason: Literal["instruction", "needs_professional"]
    refer_to: str | None = None
    cues: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        return tuple(
            tuple(re.compile(rf"\b{re.escape(part.strip())}", re.I) for part in cue.split("+"))
            for cue in self.cues
        )

    def covers(self, question: str) -> bool:
        """Whether one of the cues stands in the question."""
        return any(
            all(pattern.search(question) for pattern in patterns) for patterns in self._patterns
        )


_VARIABLES = {
    "from_source": {"title"}, "missing_terms": {"terms"}, "corpus_changed": {"count"},
    "refer_to": {"who"}, "senses": {"term"}, "says": {"title"}, "side": {"side"}, "kept": {"told"},
    "read_as": {"words"}, "figure_not_found": {"figure"}, "follow_up": {"title", "section"},
}  # fmt: skip


def read_frames() -> tuple[Frames, str]:
    """The frame lines and their fingerprint, twelve hexadecimal digits. Raises PromptError."""
    path = shipped_prompts() / "frames.yaml"
    try:
        data = path.read_bytes()
        frames = Frames.model_validate(yaml.safe_load(data))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        problem = " ".join(str(error).split())
        raise PromptError(f"{path} cannot be used: {problem}.", "Correct or restore it.") from error
    lines = frames.model_dump()
    lines |= {f"declined.{reason}": line for reason, line in lines.pop("declined").items()}
    for name, line in lines.items():
        require_variables(f"{path}: the line {name!r}", line, _VARIABLES.get(name, set()))
    return frames, hashlib.sha256(data).hexdigest()[:12]


def read_boundaries() -> tuple[Boundary, ...]:
    """The groups of `prompts/boundaries.yaml`, in their order. Raises PromptError."""
    path = shipped_prompts() / "boundaries.yaml"
    try:
        groups = yaml.safe_load(path.read_bytes())
        return tuple(Boundary.model_validate(group) for group in groups)
    except (OSError, TypeError, yaml.YAMLError, ValidationError) as error:
        problem = " ".join(str(error).split())
        raise PromptError(f"{path} cannot be used: {problem}.", "Correct or restore it.") from error


def require_variables(place: str, text: str, wanted: Collection[str]) -> None:
    """Raise PromptError unless a text has just these $variables. `place` says where it stands."""
    template = Template(text)
    unknown = set(template.get_identifiers()) ^ set(wanted)
    if unknown or not template.is_valid():
        raise PromptError(
            f"{place} has or lacks ${', $'.join(sorted(unknown))}.",
            f"Its variables are: {', '.join(sorted(wanted)) or 'none'}.",
        )


def fill(line: str, **values: str) -> str:
    """A frame line with its $variables replaced."""
    return Template(line).substitute(values)
