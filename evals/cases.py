"""Reference cases: questions with what a right answer holds. One YAML file is one dataset.

A dataset is a list of cases. `evals/README.md` explains the fields to somebody who adds one.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import UsageError

UnanswerableClass = Literal[
    "other_field", "other_sense", "local_fact", "no_document", "professional", "instruction",
    "language",
]  # fmt: skip


_PRACTICE = re.compile(r"00[0-4]_")  # ids of the practice texts, which are no part of this project


class DatasetError(UsageError):
    """A dataset cannot be used. The message names file and case."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Part):
    """An exact quote from a document of the index (white space aside).

    `grade`, in gold only: 3 answers the question, 2 answers a part, 1 helps.
    """

    document_id: str
    quote: str = Field(min_length=1)
    grade: int = Field(default=3, ge=1, le=3)


class Match(_Part):
    """When a text holds a nugget. Case, dashes, quotes and number words make no difference.

    A phrase matches from the beginning of a word ("coach" finds "coaching"); `|` parts
    alternatives. All of `all_of` and `numbers`, one of `any_of`, and none of `forbid`.
    """

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.all_of or self.any_of or self.numbers):
            raise ValueError("a match needs all_of, any_of or numbers")
        return self


class Nugget(_Part):
    """One fact that belongs in the answer. `text` states it and must satisfy its own match."""

    id: str
    text: str
    importance: Literal["vital", "okay"]
    match: Match
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Case(_Part):
    """One question. Answerable ones have nuggets and gold, the others a class."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    answerable: bool
    unanswerable_class: UnanswerableClass | None = None
    nuggets: tuple[Nugget, ...] = ()
    must_not_say: tuple[str, ...] = ()
    gold: tuple[Evidence, ...] = ()
    paraphrases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    split: Literal["dev", "test"]
    source: str
    labelled_by: str

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.answerable:
            if not (self.nuggets and self.gold) or self.unanswerable_class:
                raise ValueError("an answerable case has nuggets and gold, and no class")
        elif self.nuggets or self.gold or not self.unanswerable_class:
            raise ValueError("an unanswerable case has a class, and neither nuggets nor gold")
        return self

    @property
    def asks_for_a_list(self) -> bool:
        """Whether the right answer is a complete list, so that all of it counts."""
        return "list" in self.tags


def asked_of(cases: Sequence[Case], documents: Collection[str]) -> list[Case]:
    """The cases as they stand for an index that holds just these documents, by their ids.

    Gold and evidence of other documents go, and with them the nuggets that nothing there states.
    A question none of whose gold is there is left out, unless it is tagged `field` (answered by
    the field's literature alone): it then has no answer there. Left out, too, is a question that
    loses all its vital nuggets and keeps some gold: there it has half an answer. Cases tagged
    `alone` are asked only where all documents are the practice texts.
    """
    found = []
    practice_alone = all(_PRACTICE.match(name) for name in documents)
    for case in cases:
        if "alone" in case.tags and not practice_alone:
            continue
        gold = tuple(one for one in case.gold if one.document_id in documents)
        nuggets = tuple(n for n in (_nugget_of(n, documents) for n in case.nuggets) if n)
        if not case.answerable or (gold, nuggets) == (case.gold, case.nuggets):
            found.append(case)
        elif not gold and "field" in case.tags:
            found.append(case.model_copy(update=_UNANSWERABLE))
        elif gold and any(n.importance == "vital" for n in nuggets):
            found.append(case.model_copy(update={"gold": gold, "nuggets": nuggets}))
    return found


_UNANSWERABLE = {
    "answerable": False, "unanswerable_class": "no_document", "gold": (), "nuggets": (),
}  # fmt: skip


def _nugget_of(nugget: Nugget, documents: Collection[str]) -> Nugget | None:
    evidence = tuple(one for one in nugget.evidence if one.document_id in documents)
    return nugget.model_copy(update={"evidence": evidence}) if evidence else None


def read_dataset(path: Path) -> list[Case]:
    """The cases of a dataset in their order.

    Raises DatasetError for a missing or broken file, a broken case, or an id used twice.
    """
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise DatasetError(f"{path}: {problem}.", "Name a YAML file of cases.") from error
    if not isinstance(raw, list) or not raw:
        raise DatasetError(f"{path} is not a list of cases.", "See evals/README.md.")
    cases = []
    for number, record in enumerate(raw, 1):
        try:
            cases.append(Case.model_validate(record))
        except ValidationError as error:
            name = record.get("id", number) if isinstance(record, dict) else number
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'case'}: {fault['msg']}"
                for fault in error.errors()
            )
            raise DatasetError(f"{path}: case {name}: {faults}.", "Correct the case.") from error
    twice = [name for name, n in Counter(case.id for case in cases).items() if n > 1]
    if twice:
        raise DatasetError(f"{path}: ids used twice: {', '.join(twice)}.", "Rename one of each.")
    return cases
