"""One document that somebody adds: its name, its place, and whether it can be read."""

import re
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
        listed = {one.path: one for one in assistant.listed()}
        for refusal in report.refused:
            folders = {str(Path(path).parent) for path in listed}
            reason = refusal.reason
            for folder in folders | {str(file.parent)}:  # where they are is nobody's business
                reason = reason.replace(f"{folder}/", "")
            raise DocumentRefused(reason, "")
        return listed[str(file)]
    except BaseException:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)
        raise


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
