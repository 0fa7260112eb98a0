"""Reference cases: questions with what a right answer holds. One YAML file is one dataset.

A dataset is a list of cases. `evals/README.md` explains the fields to somebody who adds one.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from assistant.errors import UsageError, field_fault
from assistant.from_yaml import SAFE_LOADER

UnanswerableClass = Literal[
    "other_field", "other_sense", "local_fact", "no_document", "professional", "instruction",
    "language",
]  # fmt: skip


# Tags by which results are shown apart.
TOPICS = (
    "stages", "context", "adaptation", "scaling", "teams", "data", "fidelity", "sustainment",
    "leadership", "equity",
)  # fmt: skip
# The one written in C is ten times as quick, but not everywhere there.
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
    _place: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.answerable:
            if not (self.nuggets and self.gold) or self.unanswerable_class:
                raise ValueError("an answerable case has nuggets and gold, and no class")
        elif self.nuggets or self.gold or not self.unanswerable_class:
            raise ValueError("an unanswerable case has a class, and neither nuggets nor gold")
        return self

    @property
    def place(self) -> str:
        """Where it stands, `file.yaml:LINE`; empty if it was not read from a file."""
        return self._place

    def at(self, place: str) -> Self:
        """The same case, read from there."""
        found = self.model_copy()
        found._place = place
        return found

    @property
    def cluster(self) -> str:
        """What it shares its fate with: the document that answers it best, or itself alone."""
        best = max(self.gold, key=lambda one: one.grade, default=None)
        return best.document_id if best else self.id

    @property
    def grades(self) -> dict[str, int]:
        """The grade of each document of the gold: the best of its quotes."""
        best: dict[str, int] = {}
        for one in self.gold:
            best[one.document_id] = max(one.grade, best.get(one.document_id, 0))
        return best

    @property
    def asks_for_a_list(self) -> bool:
        """Whether the right answer is a complete list, so that all of it counts."""
        return "list" in self.tags


def one_sided(cases: Sequence[Case]) -> str:
    """What is wrong with cases of one kind alone; "" if both kinds are there, or no case."""
    kinds = {case.answerable for case in cases}
    if len(kinds) != 1:
        return ""
    only = "answerable" if kinds == {True} else "unanswerable"
    return f"all cases are {only}: a product that treats all questions alike would be perfect"


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

    Raises DatasetError for a missing or broken file, a broken case, or an id used twice; the
    message names file and line.
    """
    try:
        loader = SAFE_LOADER(path.read_text("utf-8"))
        node = loader.get_single_node()
        raw = loader.construct_document(node) if node else None
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: {error}.", "Name a YAML file of cases.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = " ".join(filter(None, (error.context, error.problem)))
        raise DatasetError(f"{path}:{line}: {problem}.", "Correct the YAML.") from error
    if not isinstance(raw, list) or not raw or not isinstance(node, yaml.SequenceNode):
        raise DatasetError(f"{path}:1: not a list of cases.", "See evals/README.md.")
    cases: dict[str, Case] = {}
    for record, at in zip(raw, node.value, strict=True):
        try:
            case = Case.model_validate(record)
        except ValidationError as error:
            faults = "; ".join(
                f"{path}:{_line(at, fault['loc'])}: {field_fault(fault, 'case')}"
                for fault in error.errors()
            )
            raise DatasetError(f"{faults}.", "Correct the case.") from error
        line = _line(at)
        if case.id in cases:
            problem = f"{path}:{line}: {case.id!r} is used at {cases[case.id].place}."
            raise DatasetError(problem, "Rename one of them.")
        cases[case.id] = case.at(f"{path.name}:{line}")
    return list(cases.values())


def read_datasets(paths: Sequence[Path]) -> list[Case]:
    """The cases of several files. Raises DatasetError as `read_dataset`, or for a shared id."""
    cases: dict[str, Case] = {}
    for case in (case for path in paths for case in read_dataset(path)):
        if case.id in cases:
            before = cases[case.id].place
            problem = f"{case.place}: {case.id!r} is used at {before}."
            raise DatasetError(problem, "Rename one of them.")
        cases[case.id] = case
    return list(cases.values())


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a dataset, for editors that check while somebody types."""
    return TypeAdapter(list[Case]).json_schema()


def _line(node: yaml.Node, location: Sequence[str | int] = ()) -> int:
    """The line, from 1, of the deepest part of the place of a fault that is there."""
    line = node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = [(one, one) for one in node.value[step : step + 1]]
        else:
            found = []
        if not found:
            break
        key, node = found[0]
        line = key.start_mark.line + 1
    return int(line)
