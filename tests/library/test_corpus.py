import hashlib
from pathlib import Path

import pytest

from assistant.errors import CorpusError, DocumentRefused, UsageError
from assistant.library import corpus
from assistant.library.corpus import corpus_files, read_corpus, read_file
from assistant.library.notes import Reference
from assistant.records import Refusal, SentenceRole, Stage

LANE = Reference(authors="Lane P", year=2019, title="A plan", container="A journal")


def write(path: Path, text: str | bytes = "Ask the team first.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read_file(path, {})
    return caught.value


def test_a_note_becomes_a_document(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.md",
        "---\ntitle: A plan\nstages: [initial]\ntopics: [teams]\nsectors: [health]\n"
        "publisher: Us\nreviewed: 2025-05-04\nurl: https://example.org/plan\n---\n"
        "## Start\n\nAsk  the team. Then act.\n",
    )
    reading = read_file(path, {})
    document = reading.document
    assert document.id == "plan"
    assert document.title == "A plan"
    assert document.text == "Start\n\nAsk the team. Then act."
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
    assert (document.publisher, document.year) == ("Us", 2025)
    assert document.url == "https://example.org/plan"
    assert document.stages == (Stage.INITIAL,)
    assert (document.topics, document.sectors) == (("teams",), ("health",))
    assert [(s.id, s.path, s.quotable) for s in document.sections] == [("start", ("Start",), True)]
    assert reading.path == path
    assert reading.original == path.read_bytes()
    assert reading.dropped == ()


def test_the_questions_of_a_note_are_in_the_document_and_not_in_its_text(tmp_path: Path) -> None:
    body = "---\n## Start\n\nAsk first.\n"
    asked = write(
        tmp_path / "plan.md", f"---\ntitle: P\nquestions:\n  - Who leads?\n  - How long?\n{body}"
    )
    document = read_file(asked, {}).document
    assert document.questions == ("Who leads?", "How long?")
    bare = read_file(write(tmp_path / "bare.md", f"---\ntitle: P\n{body}"), {}).document
    assert bare.questions == ()
    assert (document.text, document.sha256) == (bare.text, bare.sha256)


def test_a_text_names_no_questions_even_if_it_asks_some(tmp_path: Path) -> None:
    document = read_file(write(tmp_path / "plan.txt", "Who leads?\n\nA lead does.\n"), {}).document
    assert document.questions == ()


def test_a_note_with_a_bad_question_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.md", "---\ntitle: P\nquestions: [Who leads]\n---\nAsk first.")
    write(tmp_path / "plan.md")
    read = read_corpus((tmp_path,))
    assert [reading.document.id for reading in read.readings] == ["plan"]
    (refused,) = read.refused
    assert refused.path == str(bad)
    assert "'questions.0'" in refused.reason


def test_the_year_of_a_note_wins_over_its_review(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.md", "---\ntitle: P\nyear: 2011\nreviewed: 2025-05-04\n---\nAsk first."
    )
    assert read_file(path, {}).document.year == 2011


def test_the_id_in_the_front_matter_wins_over_the_file_name(tmp_path: Path) -> None:
    path = write(tmp_path / "old name.md", "---\ntitle: P\nid: new-name\n---\nAsk first.")
    assert read_file(path, {}).document.id == "new-name"


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("My Plan (final).txt", "my-plan-final"),
        ("v1.2_plan.txt", "v1.2_plan"),
        ("_draft_.txt", "draft"),
        ("实施.txt", "section"),
    ],
)
def test_a_file_name_becomes_an_id(name: str, identifier: str, tmp_path: Path) -> None:
    assert read_file(write(tmp_path / name), {}).document.id == identifier


def test_a_text_becomes_a_document_with_its_title_year_and_dropped_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.txt",
        "A plan for coaches\n\n3 May 2021\n\nAsk first.\n\nWho helps\n\nA lead does.\n\n"
        "RETURN TO TEXT\n",
    )
    reading = read_file(path, {})
    assert reading.document.title == "A plan for coaches"
    assert reading.document.year == 2021
    assert reading.document.text == (
        "A plan for coaches\n\nAsk first.\n\nWho helps\n\nA lead does."
    )
    assert [s.path for s in reading.document.sections] == [(), ("Who helps",)]
    assert reading.dropped == ("3 May 2021", "RETURN TO TEXT")


def test_a_file_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    document = read_file(
        write(tmp_path / "my_first-plan.md", "## Start\n\nAsk first."), {}
    ).document
    assert document.title == "my first plan"
    assert document.sections[0].path == ("Start",)


def test_a_heading_that_repeats_the_title_is_in_no_path(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "---\ntitle: P\n---\n# P\n\n## Start\n\nAsk first.")
    document = read_file(path, {}).document
    assert document.text == "P\n\nStart\n\nAsk first."
    assert document.sections[0].path == ("Start",)


def test_a_heading_that_differs_from_the_title_is_in_the_path(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "---\ntitle: P\n---\n# Part\n\n## Start\n\nAsk first.")
    assert read_file(path, {}).document.sections[0].path == ("Part", "Start")


def test_a_byte_order_mark_hides_no_front_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", b"\xef\xbb\xbf---\r\ntitle: P\r\n---\r\nAsk first.\r\n")
    document = read_file(path, {}).document
    assert (document.title, document.text) == ("P", "Ask first.")


def test_references_become_a_last_section_that_is_never_quoted(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "---\ntitle: P\nreferences: [lane-2019]\n---\nAsk first.")
    document = read_file(path, {"lane-2019": LANE}).document
    assert document.text == "Ask first.\n\nReferences\n\n- Lane P (2019). A plan. A journal."
    assert [s.quotable for s in document.sections] == [True, False]


def test_a_reference_without_a_record_is_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.md", "---\ntitle: P\nreferences: [lane-2019, odd-1, odd-2]\n---\nAsk."
    )
    with pytest.raises(DocumentRefused) as caught:
        read_file(path, {"lane-2019": LANE})
    assert caught.value.message == (
        f"{path}: front matter: field 'references': no record for odd-1, odd-2."
    )


def test_a_list_of_a_text_file_has_its_lead(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.txt", "The plan\n\nTwo are:\n\n- ask the lead\n- act on it\n")
    sentences = read_file(path, {}).document.sections[0].sentences
    assert [s.role for s in sentences] == [
        SentenceRole.LEAD,
        SentenceRole.ITEM,
        SentenceRole.ITEM,
    ]


def test_a_wrapped_list_item_of_a_text_file_is_one_item(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.txt", "The plan\n\n- ask the lead\n  and the coach\n- act on it\n"
    )
    assert read_file(path, {}).document.text == (
        "The plan\n\n- ask the lead and the coach\n- act on it"
    )


def test_indented_code_of_a_markdown_file_is_not_quoted(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "Run this line.\n\n    make everything\n\nThen rest.\n")
    document = read_file(path, {}).document
    assert [document.text[s.start : s.end] for s in document.sections[0].sentences] == [
        "Run this line.",
        "Then rest.",
    ]


@pytest.mark.parametrize("suffix", [".pdf", ".PDF", ".docx", ".html", ".htm"])
def test_a_format_that_is_not_read_yet_is_refused_with_a_reason(
    suffix: str, tmp_path: Path
) -> None:
    path = write(tmp_path / f"plan{suffix}")
    error = refusal(path)
    assert error.message == f"{path}: {suffix} files cannot be read yet."
    assert error.remedy == "Save it as .txt or .md."


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.txt", b"caf\xe9 talk")
    error = refusal(path)
    assert error.message == f"{path}: is not UTF-8 (byte 3)."
    assert error.remedy == "Save it again with the encoding UTF-8."


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "plan.txt", content)
    assert refusal(path).message == f"{path}: is empty."


@pytest.mark.parametrize(
    "text",
    [
        "# Only a heading\n",
        "---\ntitle: P\n---\n",
        "## References\n\n- Lane P.\n",
        "```\ncode\n```",
    ],
)
def test_a_note_without_running_text_is_refused(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", text)
    assert refusal(path).message == f"{path}: has no running text."


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "LARGEST_FILE", 1_000_000)
    path = write(tmp_path / "plan.txt", "Ask first. " * 181_819)
    error = refusal(path)
    assert error.message == f"{path}: 2 MB is over the limit of 1 MB."
    assert error.remedy == "Split it."


def test_a_file_at_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "LARGEST_FILE", 10)
    assert read_file(write(tmp_path / "plan.txt", "Ask first."), {}).document.text == "Ask first."
    assert "over the limit" in refusal(write(tmp_path / "more.txt", "Ask firstly")).message


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gone.txt"
    assert refusal(path).message == f"{path}: cannot be read (No such file or directory)."


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
    scan = write(tmp_path / "one" / "scan.pdf", b"%PDF")
    write(tmp_path / "two" / "notes" / "visit.txt")
    read = read_corpus((tmp_path / "two", tmp_path / "one"))
    assert [reading.document.id for reading in read.readings] == ["visit", "plan"]
    assert read.refused == (
        Refusal(
            path=str(scan),
            reason=f"{scan}: .pdf files cannot be read yet. Save it as .txt or .md.",
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
            "or give it another id in its front matter.",
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
        f"\n  {scan}: .pdf files cannot be read yet. Save it as .txt or .md."
    )
    assert caught.value.remedy == "Put .md or .txt files there."


def test_an_empty_folder_is_told_what_to_hold(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_corpus((tmp_path,))
    assert str(caught.value) == (
        f"No guidance could be read from {tmp_path}. Put .md or .txt files there."
    )


def test_an_impossible_date_refuses_one_file_and_not_all(tmp_path: Path) -> None:
    write(tmp_path / "plan.md")
    bad = write(tmp_path / "visit.md", "---\ntitle: V\nreviewed: 2026-02-30\n---\nAsk first.")
    assert [refused.path for refused in read_corpus((tmp_path,)).refused] == [str(bad)]
