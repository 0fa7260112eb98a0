"""Questions of other tools and of feedback, imported as proposals for a person to complete."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import count
from pathlib import Path

from evals.cases import DatasetError
from evals.transfer.formats import from_beir, from_deepeval, from_feedback, from_ragas
from evals.transfer.promptfoo import from_promptfoo
from evals.transfer.proposals import Proposal


class ImportKind(StrEnum):
    """Whose files can be imported."""

    FEEDBACK = "feedback"
    RAGAS = "ragas"
    DEEPEVAL = "deepeval"
    PROMPTFOO = "promptfoo"
    BEIR = "beir"


def import_cases(path: Path, kind: ImportKind) -> list[Proposal]:
    """Proposals in the format of cases, in the order of the file; for BEIR, of a folder.

    ragas: .json, .jsonl or .csv; deepeval: .json; promptfoo: .yaml. References become one nugget
    a sentence, contexts and relevant documents become gold. What a person has to add is named in
    fields that begin with `TO_DO`, so that no proposal can be taken for a case. Raises
    DatasetError, naming file and line, for what is missing, broken or empty.
    """
    proposals = list(_READERS[kind](path))
    if not proposals:
        raise DatasetError(f"{path} holds no questions.", "Name another file.")
    taken: set[str] = set()
    for proposal in proposals:
        name = proposal["id"]
        names = (name if n == 1 else f"{name}-{n}" for n in count(1))
        proposal["id"] = next(one for one in names if one not in taken)
        taken.add(proposal["id"])
    return proposals


_READERS: dict[ImportKind, Callable[[Path], Iterator[Proposal]]] = {
    ImportKind.FEEDBACK: from_feedback,
    ImportKind.RAGAS: from_ragas,
    ImportKind.DEEPEVAL: from_deepeval,
    ImportKind.PROMPTFOO: from_promptfoo,
    ImportKind.BEIR: from_beir,
}
