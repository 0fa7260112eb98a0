from pathlib import Path

import pytest

from assistant.errors import CorpusError, UsageError
from assistant.library.corpus import corpus_files, read_corpus
from assistant.records import Refusal


def write(path: Path, text: str | bytes = "Ask the team first.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_files_are_sorted_and_hidden_ones_and_those_about_the_folder_skipped(
    tmp_path: Path,
) -> None:
    for name in (
        "b.txt",
        "a/z.MD",
        "a/c.pdf",
        ".hidden.md",
        ".git/notes.md",
        "README.md",
        "a/Readme.txt",
        "LICENSE.txt",
        "CHANGELOG.md",
        "references.yaml",
        "picture.png",
        "licences.md",
    ):
        write(tmp_path / name)
    (tmp_path / "folder.md").mkdir()
    found = [path.relative_to(tmp_path).as_posix() for path in corpus_files(tmp_path)]
    assert found == ["a/c.pdf", "a/z.MD", "b.txt", "licences.md"]


def test_a_hidden_folder_above_the_corpus_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path / ".local" / "guides" / "plan.md")
    assert len(list(corpus_files(tmp_path / ".local" / "guides"))) == 1


def test_a_corpus_holds_what_was_read_and_what_was_refused(tmp_path: Path) -> None:
    write(tmp_path / "one" / "plan.md")
    scan = write(tmp_path / "one" / "scan.pdf", b"Ask first.")
    write(tmp_path / "two" / "notes" / "visit.txt")
    read = read_corpus((tmp_path / "two", tmp_path / "one"))
    assert [reading.document.id for reading in read.readings] == ["visit", "plan"]
    assert read.refused == (
        Refusal(
            path=str(scan),
            reason=f"{scan}: is named .pdf, but holds plain text. Give it the ending that it "
            "should have, or save it again as a PDF.",
        ),
    )


def test_a_corpus_uses_the_references_of_each_folder(tmp_path: Path) -> None:
    note = "---\ntitle: P\nreferences: [lane]\n---\nAsk first."
    write(tmp_path / "one" / "plan.md", note)
    write(
        tmp_path / "one" / "references.yaml",
        "lane: {authors: Lane P, year: 2019, title: A plan, container: A journal}\n",
    )
    other = write(tmp_path / "two" / "visit.md", note)
    read = read_corpus((tmp_path / "one", tmp_path / "two"))
    assert [reading.document.id for reading in read.readings] == ["plan"]
    assert [refused.path for refused in read.refused] == [str(other)]
    assert "no record for lane." in read.refused[0].reason


def test_an_id_used_twice_is_refused_and_the_first_file_named(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "plan.md", "Ask first.")
    second = write(tmp_path / "b" / "plan.txt", "Ask second.")
    read = read_corpus((tmp_path,))
    assert [reading.path for reading in read.readings] == [first]
    assert read.refused == (
        Refusal(
            path=str(second),
            reason=f"{second}: the id 'plan' is used by {first} already. Rename one of the files, "
            "or give it another id: in its front matter, or by a line `id: another-id` in "
            "plan.txt.yaml beside it.",
        ),
    )


def test_a_missing_folder_is_an_error_of_the_call(tmp_path: Path) -> None:
    write(tmp_path / "here" / "plan.md")
    with pytest.raises(UsageError) as caught:
        read_corpus((tmp_path / "here", tmp_path / "gone"))
    assert caught.value.message == f"There is no folder {tmp_path / 'gone'}."


def test_a_file_in_place_of_a_folder_is_an_error_of_the_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_corpus((write(tmp_path / "plan.md"),))


def test_a_folder_with_nothing_readable_says_why(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.md", "")
    scan = write(tmp_path / "scan.pdf")
    write(tmp_path / "README.md")
    with pytest.raises(CorpusError) as caught:
        read_corpus((tmp_path,))
    assert caught.value.message == (
        f"No guidance could be read from {tmp_path}."
        f"\n  {empty}: is empty. Remove it, or give it a text."
        f"\n  {scan}: is named .pdf, but holds plain text. Give it the ending that it should have, "
        "or save it again as a PDF."
    )
    assert caught.value.remedy == "Put .md, .txt, .pdf, .docx, .html, .htm files there."


def test_an_empty_folder_is_told_what_to_hold(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_corpus((tmp_path,))
    assert str(caught.value) == (
        f"No guidance could be read from {tmp_path}. "
        "Put .md, .txt, .pdf, .docx, .html, .htm files there."
    )


def test_an_impossible_date_refuses_one_file_and_not_all(tmp_path: Path) -> None:
    write(tmp_path / "plan.md")
    bad = write(tmp_path / "visit.md", "---\ntitle: V\nreviewed: 2026-02-30\n---\nAsk first.")
    assert [refused.path for refused in read_corpus((tmp_path,)).refused] == [str(bad)]
