"""The chat's own English lines, from one file."""

from pathlib import Path
from typing import Any

import yaml

from assistant.records import Record

_FILE = Path(__file__).with_name("strings.yaml")


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


def read_strings() -> Strings:
    """The lines of `strings.yaml`, which travels with the code."""
    return Strings.model_validate(yaml.safe_load(_FILE.read_bytes()))
