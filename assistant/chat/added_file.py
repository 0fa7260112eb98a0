"""One document that somebody adds: its name, its place, and whether it can be read."""

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.app import Assistant
from assistant.errors import DocumentRefused
from assistant.index.storage import storage_errors
from assistant.library.reading import READ
from assistant.records import Listed

_LONGEST = 200  # bytes of a name: file systems have room for 255
_UNNAMED = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]")


def keep_file(assistant: Assistant, file: Path, data: bytes) -> Listed:
    """Put a document into its place and into the index; where it cannot be read, all is as it was
    before. Raises DocumentRefused, StorageFull, IndexNotWritable."""
    before = file.read_bytes() if file.exists() else None
    try:
        with storage_errors(assistant.index_folder):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        report = assistant.take_in([file])
        listed = assistant.listed()
    except BaseException:
        _put_back(file, before)
        raise
    mine = next(one for one in listed if one.path == str(file))
    if report.refused:
        _put_back(file, before)
        _forget_refusal(assistant, mine, listed)
        raise DocumentRefused(_without_places(report.refused[0].reason, listed), "")
    return mine


def _put_back(file: Path, before: bytes | None) -> None:
    if before is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(before)


def _forget_refusal(assistant: Assistant, mine: Listed, listed: Sequence[Listed]) -> None:
    """The index remembers what it has refused: it is not to be told of a file that is gone."""
    if Path(mine.path).exists():
        assistant.take_in([Path(mine.path)])
    elif not any(one.document_id == mine.document_id and one != mine for one in listed):
        assistant.take_out([mine.document_id])


def _without_places(reason: str, listed: Sequence[Listed]) -> str:
    """Where files are is nobody's business."""
    for folder in {str(Path(one.path).parent) for one in listed}:
        reason = reason.replace(f"{folder}/", "")
    return reason


def clean_name(name: str) -> str:
    """The name of a file without anything that leads elsewhere. Raises DocumentRefused if it is
    of no kind that is read."""
    last = _UNNAMED.sub(" ", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = last.rpartition(".")
    kind = f"{dot}{ending}".lower()
    if kind not in READ or not stem.strip():
        raise DocumentRefused(
            f"{last or 'This'} is of a kind that is not read.",
            f"Documents may be {', '.join(READ)}.",
        )
    return stem.encode()[:_LONGEST].decode("utf-8", "ignore").strip() + kind
