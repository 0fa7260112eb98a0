"""Reads files of claims."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from assistant.errors import field_fault
from assistant.from_yaml import from_yaml
from evals.cases import DatasetError
from evals.support.records import Claim

SHIPPED = Path(__file__).parents[1] / "datasets" / "support"


def read_claims(paths: Sequence[Path]) -> list[Claim]:
    """The claims of several files, or of all shipped ones if none is named, in their order.

    Raises DatasetError, which names the file and the claim, for a file that is missing, broken or
    empty, for a broken claim, and for a name that does not say the split.
    """
    files = paths or sorted(SHIPPED.glob("*.yaml"))
    return [claim for file in files for claim in _read(file)]


def split_of(path: Path) -> str:
    """The split that a file's name says. Raises DatasetError for a name that says none."""
    if path.stem.startswith("dev"):
        return "dev"
    if path.stem.rstrip("0123456789") == "test":
        return "test"
    raise DatasetError(f"{path}: its name says no split.", "Name it dev*.yaml or test.yaml.")


def _read(path: Path) -> list[Claim]:
    split = split_of(path)
    try:
        raw = from_yaml(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem = " ".join(str(error).split())
        raise DatasetError(f"{path}: {problem}.", "Name a YAML file of claims.") from error
    if not isinstance(raw, list) or not raw:
        raise DatasetError(f"{path}: not a list of claims.", "See evals/README.md.")
    return [_claim(record, f"{path}: {_name(record, n)}").of(path.name, split)
            for n, record in enumerate(raw, 1)]  # fmt: skip


def _claim(record: object, where: str) -> Claim:
    try:
        return Claim.model_validate(record, strict=True)
    except ValidationError as error:
        faults = "; ".join(field_fault(fault, "claim") for fault in error.errors())
        raise DatasetError(f"{where}: {faults}.", "Correct the claim.") from error


def _name(record: object, n: int) -> str:
    """The claim's id, or its number from 1 where it has none."""
    return str(record["id"]) if isinstance(record, dict) and "id" in record else f"claim {n}"
