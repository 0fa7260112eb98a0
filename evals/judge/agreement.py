"""How often a judge agrees with people, on answers that they labelled."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from assistant.errors import field_fault
from assistant.from_yaml import from_yaml
from evals.cases import DatasetError
from evals.judge.judging import Judge, Label, Part

LABELLED = Path(__file__).parents[1] / "datasets" / "judged" / "labelled.yaml"


class Labelled(Part):
    """An answer with the verdict of a person. `document_id` is the note it was judged by."""

    id: str
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    reference: str = Field(min_length=1)
    label: Label
    document_id: str
    labelled_by: str


class Agreement(Part):
    """How a judge agrees with people: the raw share and Cohen's kappa over `n` scored answers.

    `raw` is None if none was scored, `kappa` also where chance alone would agree always.
    """

    n: int
    unscored: int
    raw: float | None
    kappa: float | None


def read_labelled(path: Path = LABELLED) -> tuple[Labelled, ...]:
    """The labelled answers. Raises DatasetError for a file that is missing, broken or empty."""
    try:
        items = TypeAdapter(tuple[Labelled, ...]).validate_python(
            from_yaml(path.read_text("utf-8"))
        )
    except (OSError, ValueError, yaml.YAMLError) as error:
        if isinstance(error, ValidationError):
            problem = field_fault(error.errors()[0], "file")
        else:
            problem = " ".join(str(error).split())
        raise DatasetError(f"{path}: {problem}.", "Name a file of labelled answers.") from error
    if not items:
        raise DatasetError(f"{path} holds no labelled answers.", "Name another file.")
    return items


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960) of pairs of labels: agreement beyond chance, 1 at most, 0 by chance.

    (observed - expected) / (1 - expected), where expected comes from how often each of the two
    gives each label. None without pairs, or if both give one and the same label always.
    """
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[label] * second[label] for label in first)
    if by_chance == n * n:
        return None
    observed = sum(a == b for a, b in pairs)
    return (observed * n - by_chance) / (n * n - by_chance)


def agreement_on(labelled: Sequence[Labelled], judge: Judge) -> Agreement:
    """How the judge agrees with the people who labelled these answers. Raises ModelError."""
    found = [
        (one.label, judge.judge(one.question, one.answer, one.reference).verdict)
        for one in labelled
    ]
    pairs = [(label, verdict) for label, verdict in found if verdict is not None]
    same = sum(label == verdict for label, verdict in pairs)
    return Agreement(
        n=len(pairs),
        unscored=len(found) - len(pairs),
        raw=same / len(pairs) if pairs else None,
        kappa=kappa(pairs),
    )
