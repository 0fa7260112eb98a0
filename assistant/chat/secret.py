"""The secret with which the server signs who somebody is."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from assistant.errors import AssistantError

_BYTES = 48
_SHORTEST = 32  # characters: what a person would make up is not secret


class SecretUnusable(AssistantError):
    """The session secret cannot be made or read."""


def session_secret(file: Path) -> str:
    """The secret in that file, which is made at the first call and only its owner may read. Who
    removes it signs everybody out. Raises SecretUnusable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        secret = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretUnusable(
            f"The session secret in {file} cannot be used: {error}.",
            "Let it be read and written by whoever starts the chat, or remove the file.",
        ) from error
    if len(secret) < _SHORTEST:
        raise SecretUnusable(
            f"The session secret in {file} is shorter than {_SHORTEST} characters.",
            "Remove the file; the next start makes another, and everybody signs in again.",
        )
    return secret


def _make(file: Path) -> None:
    """Whole or not at all; of two servers that begin at once, the first one's stays."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=file.parent) as made:
        made.write(secrets.token_urlsafe(_BYTES))
        made.flush()
        with contextlib.suppress(FileExistsError):
            os.link(made.name, file)
