"""The chat's own English lines, from one file."""

import re
from pathlib import Path
from typing import Any

import yaml

from assistant.models.language import ModelChoice
from assistant.prompts import fill
from assistant.records import Record

_FILE = Path(__file__).with_name("strings.yaml")
_TICKS = re.compile(r"[`\s]+")


class SignStrings(Record):
    """Behind the sentences that a language model wrote, by what carries them."""

    verbatim: str
    supported: str
    unsupported: str
    verbatim_means: str
    supported_means: str
    unsupported_means: str
    not_supported: str


class AnswerStrings(Record):
    """Around an answer."""

    understood_as: str
    clarify: str
    note: str
    sources: str
    follow_ups: str
    declined: str
    stopped: str
    copy_label: str
    quotes: str
    quotes_label: str
    answer_label: str
    signs: SignStrings
    again: str
    unfinished: str


class ScopeStrings(Record):
    """Around the choice of what is answered from."""

    everything: str
    own: str
    library: str
    answered_from: str
    gone: str


class FailureStrings(Record):
    """Where an answer should be and is not."""

    title: str
    preparing: str
    unexpected: str
    unreadable: str


class Strings(Record):
    """All lines. `page` goes to the browser, `pages` to the templates, `chainlit` to Chainlit."""

    name: str
    tagline: str
    welcome: str
    starters: tuple[str, ...]
    about: str
    answer: AnswerStrings
    scope: ScopeStrings
    failure: FailureStrings
    page: dict[str, str]
    pages: dict[str, str]
    chainlit: dict[str, Any]


def read_strings(model: ModelChoice | None = None) -> Strings:
    """The lines of `strings.yaml`, which travels with the code, for answers that `model` writes,
    or for quotes alone."""
    read = yaml.safe_load(_FILE.read_bytes())
    engines, where, there = (read.pop(name) for name in ("engines", "where", "there"))
    parts: dict[str, str] = engines["written" if model else "quoted"]
    if model:
        signs = read["answer"]["signs"]
        named, place = _named(model), _place(model)
        values = named | {"where": fill(where[place], **named), "there": there[place]}
        values |= {kind: signs[kind] for kind in ("verbatim", "supported", "unsupported")}
        parts = {name: fill(line.rstrip("\n"), **values) for name, line in parts.items()}
    for name in ("tagline", "welcome", "about"):
        read[name] = fill(read[name], **parts)
    of_chat = read["chainlit"]["chat"]
    of_chat["watermark"] = fill(of_chat["watermark"], **parts)
    return Strings.model_validate(read)


def _place(model: ModelChoice) -> str:
    if model.elsewhere is None:
        return "here"
    return "elsewhere" if model.host else "provider"


def _named(model: ModelChoice) -> dict[str, str]:
    """What a model is called, as Markdown that makes nothing of the names."""
    names = {"provider": model.provider, "host": model.host or "", "model": model.name}
    return {name: f"`{' '.join(re.split(_TICKS, value))}`" for name, value in names.items()}
