"""A run as files: `results.json`, which equal runs share byte by byte, and `timings.json`."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.errors import UsageError, field_fault
from evals.results import Run, Timings

_TIMINGS = "timings.json"
_Content = TypeVar("_Content", Run, Timings)


def write(folder: Path, run: Run, timings: Timings) -> None:
    """Write both files into the folder, which is made if it is not there.

    Raises UsageError if they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (("results.json", run), (_TIMINGS, timings)):
            (folder / name).write_text(as_json(content), "utf-8", newline="\n")
    except OSError as error:
        message = f"{folder} cannot be written to: {error.strerror or error}."
        raise UsageError(message, "Name another folder.") from error


def read(path: Path) -> Run:
    """The run of a `results.json`. Raises UsageError if it is missing or broken."""
    return _read(path, Run)


def read_timings(path: Path) -> Timings:
    """The timings beside a `results.json`. Raises UsageError if they are missing or broken."""
    return _read(path.with_name(_TIMINGS), Timings)


def _read(path: Path, kind: type[_Content]) -> _Content:
    remedy = "Name a results.json that this version of the evaluation wrote."
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}.", remedy) from error
    except ValidationError as error:
        fault = field_fault(error.errors(include_url=False, include_input=False)[0])
        raise UsageError(f"{path} holds no results of a run: {fault}.", remedy) from error


def as_json(content: Run | Timings) -> str:
    """The bytes of the file as text: equal for equal content."""
    fields = content.model_dump(mode="json")
    text = json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text + "\n"
