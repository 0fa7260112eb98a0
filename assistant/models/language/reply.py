"""What is said to a model, and what is read of its reply."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

LONGEST_REPLY = 20_000  # characters; an answer has some 1,500
_THINKING = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_THINKS = re.compile(
    r"\s*(?:<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g(?:>.*)?)?)?|>.*)?)?)?)?)?)?)?", re.DOTALL
)
_LOOPS = re.compile(r"(.{8,150}?\n)\1{5}$", re.DOTALL)  # the same lines over and over
_LOOKED_AT = 1_000  # characters at the end of a reply
ENDED = frozenset({"stop", "end_turn", "stop_sequence", "eos", "complete", "done"})
REFUSED = frozenset({"content_filter", "refusal", "safety"})
"""Why a reply ended, in the words of providers: as it should, or because it was refused."""


@dataclass(frozen=True)
class Message:
    """What is said to a model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Tokens:
    """How much was read and written. `counted`: by the server, else estimated here."""

    read: int
    written: int
    counted: bool


def runs_on(text: str, piece: str) -> bool:
    """Whether a reply so far, of which a piece came last, has no end in sight."""
    return len(text) > LONGEST_REPLY or (
        "\n" in piece and _LOOPS.search(text[-_LOOKED_AT:]) is not None
    )


def visible(text: str) -> str | None:
    """A reply so far without what the model thought aloud first; None while that goes on."""
    if thought := _THINKING.match(text):
        return text[thought.end() :]
    return None if _THINKS.fullmatch(text) else text


def finish_of(response: Any) -> str | None:
    """Why the reply ended, in the provider's word; None while it goes on."""
    raw = response.raw
    if isinstance(raw, dict):
        reason = raw.get("done_reason") or ("done" if raw.get("done") else None)
        return reason or getattr(raw.get("delta"), "stop_reason", None)
    return _of_choice(getattr(raw, "choices", None))


def _of_choice(choices: Any) -> str | None:
    for choice in choices or ():
        reason = (
            choice.get("finish_reason") if isinstance(choice, dict)
            else getattr(choice, "finish_reason", None)
        )  # fmt: skip
        if reason:
            return str(reason)
    return None


def counted_in(response: Any) -> Tokens | None:
    """How much was read and written, if the server says it here."""
    found = dict(getattr(response, "additional_kwargs", None) or {})
    raw = response.raw
    usage = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
    read = found.get("prompt_tokens") or _part(usage, "prompt_tokens", "input_tokens")
    written = found.get("completion_tokens") or _part(usage, "completion_tokens", "output_tokens")
    return Tokens(int(read), int(written), True) if read and written else None


def _part(usage: Any, *names: str) -> int | None:
    for name in names:
        value = usage.get(name) if isinstance(usage, dict) else getattr(usage, name, None)
        if value:
            return int(value)
    return None


def estimated(messages: Sequence[Message], text: str) -> Tokens:
    """How much was read and written, where the server counts nothing."""
    from llama_index.core.utils import get_tokenizer

    count = get_tokenizer()
    return Tokens(sum(len(count(m.text)) for m in messages), len(count(text)), False)
