"""The product's own words: frame lines that carry no fact about the field, from one file."""

import hashlib
from string import Template

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.errors import AssistantError
from assistant.resources import shipped_prompts


class PromptError(AssistantError):
    """A prompt file is missing a line or uses a variable that nobody fills."""


class Frames(BaseModel):
    """The frame lines. Every field is a line of `prompts/frames.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_source: str
    nearest: str
    declined: dict[str, str]
    missing_terms: str
    missing: str
    corpus_changed: str
    index_repaired: str

    def fill(self, line: str, **values: str) -> str:
        """The line with its $variables replaced. Raises PromptError for an unknown one."""
        try:
            return Template(line).substitute(values)
        except (KeyError, ValueError) as error:
            raise PromptError(
                f"The frame line {line!r} has a variable that cannot be filled: {error}.",
                "Correct prompts/frames.yaml.",
            ) from error


def read_frames() -> tuple[Frames, str]:
    """The frame lines and their fingerprint, twelve hexadecimal digits."""
    data = (shipped_prompts() / "frames.yaml").read_bytes()
    return Frames(**yaml.safe_load(data)), hashlib.sha256(data).hexdigest()[:12]
