"""The product's own words: frame lines that carry no fact about the field, from one file."""

import hashlib
from string import Template

import yaml
from pydantic import ValidationError

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


class Frames(Record):
    """The lines of `prompts/frames.yaml`."""

    from_source: str
    nearest: str
    missing_terms: str
    missing: str
    declined: DeclinedLines
    corpus_changed: str


_VARIABLES = {"from_source": {"title"}, "missing_terms": {"terms"}, "corpus_changed": {"count"}}


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
        unknown = set(Template(line).get_identifiers()) ^ _VARIABLES.get(name, set())
        if unknown or not Template(line).is_valid():
            raise PromptError(
                f"{path}: the line {name!r} has or lacks ${', $'.join(sorted(unknown))}.",
                f"Its variables are: {', '.join(sorted(_VARIABLES.get(name, {'none'})))}.",
            )
    return frames, hashlib.sha256(data).hexdigest()[:12]


def fill(line: str, **values: str) -> str:
    """A frame line with its $variables replaced."""
    return Template(line).substitute(values)
