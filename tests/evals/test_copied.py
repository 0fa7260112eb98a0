from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.library.lint import Library, read_library
from evals.copied import read_sources, shared_runs
from tests.corpora import write_library

COPIED = "The head teacher asked each coach to visit every classroom twice a term."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = write_library(tmp_path / "library")
    note = folder / "notes/teams/alpha.md"
    note.write_text(note.read_text("utf-8") + f"\n## Example\n\n{COPIED}\n", "utf-8")
    return read_library(folder)


def test_a_run_is_found_whole_whatever_its_case_and_marks(library: Library) -> None:
    source = "Later, the head-teacher asked\neach coach: to visit EVERY classroom. Twice!"
    (run,) = shared_runs(library, {"s.txt": source}, 8)
    assert (run.note, run.source) == ("alpha", "s.txt")
    assert run.words == "the head teacher asked each coach to visit every classroom twice"


def test_a_run_that_is_too_short_is_none(library: Library) -> None:
    source = "the head teacher asked each coach to stay. To visit every classroom twice a term."
    assert shared_runs(library, {"s.txt": source}, 8) == []
    assert len(shared_runs(library, {"s.txt": source}, 7)) == 2


def test_longer_runs_come_first(library: Library) -> None:
    sources = {"a.txt": "each coach to visit every", "b.txt": COPIED}
    assert [run.source for run in shared_runs(library, sources, 4)] == ["b.txt", "a.txt"]


def test_a_folder_without_texts_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no"):
        read_sources(tmp_path)


def test_texts_are_read_with_their_names(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("one", "utf-8")
    (tmp_path / "b.pdf").write_bytes(b"two")
    assert read_sources(tmp_path) == {"in/a.txt": "one"}
