"""Files of other tools, read record by record. What is broken is named with file and line."""

import ast
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from assistant.errors import field_fault
from evals.cases import DatasetError


def _with_words(text: str) -> str:
    if not text.strip():
        raise ValueError("there is no text")
    return text


def _as_list(value: object) -> object:
    """Contexts as a list. A CSV file holds a list as Python writes it."""
    if value is None or value == "":
        return []
    if not isinstance(value, str):
        return value
    try:
        found = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [value]
    return found if isinstance(found, list) else [value]


Text = Annotated[str, AfterValidator(_with_words)]
Contexts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class Row(BaseModel):
    """A record of another tool: the fields that are carried over, numbers taken as text."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


_R = TypeVar("_R", bound=Row)


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, with or without a mark at its head. Raises DatasetError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise broken(path, error) from error


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Place and record of each JSON line that is not empty. Raises DatasetError."""
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise broken(path, error, f"line {number}") from error


def json_list(path: Path) -> Iterator[tuple[str, Any]]:
    """Place and record of each entry of a JSON list. Raises DatasetError."""
    try:
        found = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise broken(path, error, f"line {line}") from error
    if not isinstance(found, list):
        raise DatasetError(f"{path} is not a list.", "Name a JSON file that holds a list.")
    for number, record in enumerate(found, 1):
        yield f"entry {number}", record


def csv_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """Place and cells, by column, of each row of a table with a head. Raises DatasetError."""
    rows = csv.DictReader(io.StringIO(text_of(path), newline=""), strict=True)
    try:
        for row in rows:
            known = {name: value for name, value in row.items() if value is not None}
            yield f"line {rows.line_num}", known
    except csv.Error as error:
        raise broken(path, error, f"line {rows.line_num}") from error


def checked(model: type[_R], path: Path, where: str, data: object) -> _R:
    """A record with the fields of its model. Raises DatasetError that names all faults."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(field_fault(fault, "record") for fault in error.errors())
        raise DatasetError(f"{path}, {where}: {faults}.", "Correct it.") from error


def broken(path: Path, error: Exception, where: str = "") -> DatasetError:
    """The error for a file that cannot be read, at a place within it if that is known."""
    place = f"{path}, {where}" if where else str(path)
    return DatasetError(f"{place}: {' '.join(str(error).split())}.", "Name a file that is whole.")
