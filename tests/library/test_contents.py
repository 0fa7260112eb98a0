from pathlib import Path

from assistant.library.contents import contents_of
from assistant.library.lint import read_library
from tests.corpora import write_library


def test_every_note_is_listed_under_its_topics_with_its_stages(tmp_path: Path) -> None:
    text = contents_of(read_library(write_library(tmp_path)))
    assert "- [About alpha](notes/teams/alpha.md): initial implementation" in text
    assert text.count("notes/teams/beta.md") == 1


def test_the_table_counts_notes_by_topic_and_stage(tmp_path: Path) -> None:
    text = contents_of(read_library(write_library(tmp_path)))
    assert "| teams | 0 | 0 | 2 | 0 | 0 | 0 |" in text
    assert "| training and coaching | 0 | 0 | 0 | 0 | 0 | 0 |" in text
