"""The coaching data: activities, agenda shapes, prompts, readiness items and words of a sector.

YAML files that a coach can edit, in `corpus/coaching`; `corpus/coaching/README.md` explains them.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, TypeVar, get_args

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.coaching.data import (
    Activity,
    BankPrompt,
    Name,
    Readiness,
    SectorWords,
    Shapes,
    StageData,
    TopicData,
)
from assistant.errors import AssistantError, field_fault
from assistant.from_yaml import from_yaml
from assistant.records import Record, Sector, Stage

Speak = Callable[[str], str]
"""A line with $variables to the line as it is said in a place."""
T = TypeVar("T")


class CoachingDataError(AssistantError):
    """A file of coaching data cannot be used."""


@dataclass(frozen=True)
class Bank:
    """All coaching data. `fingerprint` is of the files, twelve hexadecimal digits."""

    activities: tuple[Activity, ...]
    prompts: tuple[BankPrompt, ...]
    readiness: Readiness
    stages: Mapping[Stage, StageData]
    topics: Mapping[str, TopicData]
    shapes: Shapes
    sectors: Mapping[Sector, SectorWords]
    fingerprint: str


_FILES: dict[str, TypeAdapter[Any]] = {
    "activities": TypeAdapter(tuple[Activity, ...]),
    "prompts": TypeAdapter(tuple[BankPrompt, ...]),
    "readiness": TypeAdapter(Readiness),
    "stages": TypeAdapter(dict[Stage, StageData]),
    "topics": TypeAdapter(dict[Name, TopicData]),
    "shapes": TypeAdapter(Shapes),
    "sectors": TypeAdapter(dict[Sector, SectorWords]),
}
WORDS = frozenset({"place", "people", "families", "staff", "leader"})
"""The $variables of lines, which a sector fills."""


def read_bank(folder: Path) -> Bank:
    """The coaching data of a folder. Raises CoachingDataError for the first file that cannot be
    used, with all that is wrong in it."""
    read: dict[str, Any] = {}
    digest = hashlib.sha256()
    for name, shape in _FILES.items():
        path = folder / f"{name}.yaml"
        data = _bytes_of(path)
        digest.update(data)
        read[name] = _validated(path, data, shape)
        faults = [*_unknown_words(read[name]), *_unknown_names(read, name)]
        if faults:
            raise _unusable(path, faults)
    return Bank(**read, fingerprint=digest.hexdigest()[:12])


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CoachingDataError(
            f"{path} cannot be read: {error.strerror}.", "Restore the file."
        ) from error


def _validated(path: Path, data: bytes, shape: TypeAdapter[T]) -> T:
    try:
        return shape.validate_python(from_yaml(data))
    except yaml.YAMLError as error:
        raise _unusable(path, [" ".join(str(error).split())]) from error
    except ValidationError as error:
        raise _unusable(path, [field_fault(fault) for fault in error.errors()]) from error


def _unusable(path: Path, faults: Sequence[str]) -> CoachingDataError:
    return CoachingDataError(f"{path} cannot be used: {'; '.join(faults)}.", "Correct it.")


def _unknown_words(read: object) -> Iterator[str]:
    for line in lines_of(read):
        template = Template(line)
        unknown = set(template.get_identifiers()) - WORDS if template.is_valid() else {"?"}
        if unknown:
            yield f"a word that no sector has ({', '.join(sorted(unknown))}) in {line!r}"


def _unknown_names(read: Mapping[str, Any], name: str) -> Iterator[str]:
    """Stages that lack data, ids twice, and topics that nobody describes."""
    if name == "activities":
        ids = [activity.id for activity in read[name]]
        yield from (f"the activity {twice} stands there twice" for twice in _twice(ids))
    if name == "prompts":
        texts = [prompt.text for prompt in read[name]]
        yield from (f"the prompt {twice!r} stands there twice" for twice in _twice(texts))
    if name == "stages" and read[name].keys() != set(Stage):
        yield f"stages are missing: {', '.join(sorted(set(Stage) - read[name].keys()))}"
    if name == "sectors" and read[name].keys() != set(get_args(Sector)):
        missing = sorted(set(get_args(Sector)) - read[name].keys())
        yield f"sectors are missing: {', '.join(missing)}"
    if name == "topics":
        used = [*read["activities"], *read["prompts"], *read["stages"].values()]
        unknown = {topic for one in used for topic in one.topics} - read[name].keys()
        yield from (f"no topic {topic!r} is described here" for topic in sorted(unknown))


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def lines_of(read: object) -> Iterator[str]:
    """All texts of a record, a mapping or a sequence."""
    if isinstance(read, str):
        yield read
    elif isinstance(read, Record):
        yield from lines_of(list(dict(read).values()))
    elif isinstance(read, Mapping):
        yield from lines_of(list(read.values()))
    elif isinstance(read, Sequence):
        for one in read:
            yield from lines_of(one)


def speaking(words: SectorWords, setting: str = "") -> Speak:
    """What puts the words of a sector into a line, those of the kind of place if a setting is
    one."""
    plain = setting.lower().strip()
    values = {name: getattr(words, name) for name in WORDS}
    for kind, place in words.places.items():
        if plain.endswith(kind):
            values |= {"place": place.place, "leader": place.leader}
    return lambda line: Template(line).substitute(values)
