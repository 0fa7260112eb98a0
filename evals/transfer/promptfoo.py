"""Tests of promptfoo, read as proposals. Fields: its reference of configuration and assertions."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from assistant.from_yaml import from_yaml
from evals.cases import DatasetError
from evals.transfer.proposals import (
    LEFT_OUT,
    Proposal,
    make_fact,
    make_proposal,
    no_match,
    sentences,
)
from evals.transfer.reading import Row, Text, broken, checked, text_of

# A whole number in promptfoo's regular expressions: the 50 of "50%", not of 500 or 50.5.
NOT_WITHIN = ("(?<![\\d.])", "(?!\\d|\\.\\d)")
_WORDINGS = {"equals", "similar", "factuality", "llm-rubric", "model-graded-closedqa"}


class _Vars(Row):
    question: Text
    history: str = ""


class _Test(Row):
    vars: _Vars
    asserts: tuple[dict[str, Any], ...] = Field(default=(), alias="assert")
    description: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


def from_promptfoo(path: Path) -> Iterator[Proposal]:
    """A proposal for each test of a .yaml file. Raises DatasetError."""
    try:
        config = from_yaml(text_of(path))
    except yaml.YAMLError as error:
        raise broken(path, error) from error
    tests = config.get("tests") if isinstance(config, dict) else config
    if not isinstance(tests, list):
        raise DatasetError(
            f"{path} has no list of tests.", "Name the file that holds the tests themselves."
        )
    for number, data in enumerate(tests, 1):
        where = f"test {number}"
        row = checked(_Test, path, where, data)
        nuggets, forbidden, left = _facts_of_asserts(row)
        yield make_proposal(
            "promptfoo", f"{path.name}, {where}", row.vars.question,
            given=row.description, history=row.vars.history.splitlines(), nuggets=nuggets,
            must_not_say=forbidden, to_do={LEFT_OUT: ", ".join(left)} if left else {},
        )  # fmt: skip


def _facts_of_asserts(test: _Test) -> tuple[list[Proposal], list[str], list[str]]:
    """Nuggets, phrases that must not be said, and the types of assertions that are neither."""
    nuggets: list[Proposal] = []
    forbidden: list[str] = []
    left: list[str] = []
    for one in test.asserts:
        kind, value = str(one.get("type")), one.get("value")
        if kind in _WORDINGS and isinstance(value, str):
            for sentence in sentences(value):
                nuggets.append(make_fact(len(nuggets) + 1, sentence))
            continue
        parts = one.get("assert") if kind == "assert-set" else [one]
        match, unknown = _match_of(parts if isinstance(parts, list) else [])
        left += unknown
        if match["all_of"] or match["numbers"]:
            fields: Proposal = {"match": match}
            fields["importance"] = "okay" if one.get("weight") == 0 else "vital"
            if isinstance(name := one.get("metric"), str):
                fields |= {"id": name, "text": str(test.metadata.get(name, ""))}
            nuggets.append(make_fact(len(nuggets) + 1, "") | fields)
        else:
            forbidden += match["forbid"]
    return nuggets, forbidden, left


def _match_of(asserts: Sequence[Any]) -> tuple[dict[str, list[str]], list[str]]:
    """The match that stands for assertions of which all must hold, and the types left out."""
    match = no_match()
    left = []
    for one in asserts:
        kind = str(one.get("type")) if isinstance(one, dict) else "unknown"
        plain = kind.removeprefix("not-").replace("icontains", "contains")
        phrases = phrases_of(one["value"]) if isinstance(one, dict) and "value" in one else []
        if plain == "regex" and kind == plain and phrases and (number := _number_of(one["value"])):
            match["numbers"].append(number)
        elif plain not in ("contains", "contains-any", "contains-all") or not phrases:
            left.append(kind)
        elif kind == "not-contains-all" or kind == "not-icontains-all":
            left.append(kind)  # some of the phrases may be said, only not all: no match says that
        elif kind.startswith("not-"):
            match["forbid"] += phrases
        elif plain == "contains-any":
            match["all_of"].append("|".join(phrases))
        else:
            match["all_of"] += phrases
    return match, left


def phrases_of(value: object) -> list[str]:
    """The phrases of an assertion. A bar, which parts alternatives in a match, parts them too."""
    values = value if isinstance(value, list) else [value]
    texts = [str(one) for one in values if isinstance(one, str | int | float)]
    return [part.strip() for text in texts for part in text.split("|") if part.strip()]


def _number_of(pattern: object) -> str | None:
    before, after = NOT_WITHIN
    if not (isinstance(pattern, str) and pattern.startswith(before) and pattern.endswith(after)):
        return None
    return re.sub(r"\\(.)", r"\1", pattern.removeprefix(before).removesuffix(after)) or None
