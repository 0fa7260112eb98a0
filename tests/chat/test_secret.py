"""The secret with which the server signs."""

import stat
from pathlib import Path

import pytest

from assistant.chat.secret import SecretUnusable, session_secret


def test_it_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "session.secret"
    secret = session_secret(file)
    assert len(secret) >= 64
    assert session_secret(file) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_file_has_another(tmp_path: Path) -> None:
    assert session_secret(tmp_path / "a") != session_secret(tmp_path / "b")


@pytest.mark.parametrize("held", ["", "short", "\n" * 100])
def test_one_that_is_no_secret_is_refused(tmp_path: Path, held: str) -> None:
    file = tmp_path / "secret"
    file.write_text(held)
    with pytest.raises(SecretUnusable, match="shorter than 32"):
        session_secret(file)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretUnusable, match="file"):
        session_secret(tmp_path / "file" / "secret")
