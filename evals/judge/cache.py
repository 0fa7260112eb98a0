"""Replies of a judge that have been paid for."""

import json
from pathlib import Path

from assistant.errors import UsageError


class Cache:
    """Replies that have been paid for, by key and repeat; in a JSON lines file if there is a path.

    Raises UsageError if the file cannot be read or written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._replies: dict[tuple[str, int], str] = {}
        if path is not None:
            self._read(path)

    def get(self, key: str, repeat: int) -> str | None:
        """The reply to that repeat, if there has been one."""
        return self._replies.get((key, repeat))

    def put(self, key: str, repeat: int, reply: str) -> None:
        """Keep a reply, on disk at once, so that an interrupted run can go on."""
        self._replies[key, repeat] = reply
        if self._path is not None:
            self._append(self._path, json.dumps({"key": key, "repeat": repeat, "reply": reply}))

    def _read(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text("utf-8") if path.exists() else ""
        except (OSError, ValueError) as error:
            raise _unusable(path, error) from error
        for line in text.splitlines():
            try:
                kept = json.loads(line)
                self._replies[str(kept["key"]), int(kept["repeat"])] = str(kept["reply"])
            except (ValueError, TypeError, LookupError):
                continue  # a line cut short by an interrupted run: the reply is asked for again
        if text and not text.endswith("\n"):
            self._append(path, "")

    def _append(self, path: Path, line: str) -> None:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> UsageError:
    return UsageError(f"{path} cannot keep replies: {error}.", "Name another file.")
