"""Where the details of an unexpected failure go."""

from pathlib import Path

import pytest

from assistant.failure_log import log_failure


def _failure() -> ValueError:
    try:
        raise ValueError("what went wrong")
    except ValueError as error:
        return error


def test_the_details_are_written_to_a_file_that_is_named(tmp_path: Path) -> None:
    place = log_failure(_failure())
    assert Path(place).is_relative_to(tmp_path / "state")
    written = Path(place).read_text("utf-8")
    assert written.startswith("Traceback")
    assert written.endswith("ValueError: what went wrong\n")


def test_the_file_holds_the_last_failure_only(tmp_path: Path) -> None:
    log_failure(RuntimeError("the first"))
    assert "the first" not in Path(log_failure(_failure())).read_text("utf-8")


def test_details_that_cannot_be_written_go_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no-folder").write_text("a file", "utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no-folder"))
    assert log_failure(_failure()) == "the terminal"
    assert "ValueError: what went wrong" in capsys.readouterr().err
