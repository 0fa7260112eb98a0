import hashlib
from pathlib import Path

import pytest

from assistant.errors import DocumentRefused
from assistant.library.corpus import read_corpus
from assistant.library.notes import Reference
from assistant.library.readers.extract import Limits
from assistant.records import SentenceRole, Stage
from tests.corpora import read_file

LANE = Reference(authors="Lane P", year=2019, title="A plan", container="A journal")


def write(path: Path, text: str | bytes = "Ask the team first.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path, limits: Limits | None = None) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read_file(path, limits=limits)
    return caught.value


def test_a_note_becomes_a_document(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.md",
        "---\ntitle: A plan\nstages: [initial]\ntopics: [teams]\nsectors: [health]\n"
        "publisher: Us\nreviewed: 2025-05-04\nurl: https://example.org/plan\n---\n"
        "## Start\n\nAsk  the team. Then act.\n",
    )
    reading = read_file(path)
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
    document = read_file(asked).document
    assert document.questions == ("Who leads?", "How long?")
    bare = read_file(write(tmp_path / "bare.md", f"---\ntitle: P\n{body}")).document
    assert bare.questions == ()
    assert (document.text, document.sha256) == (bare.text, bare.sha256)


def test_a_text_names_no_questions_even_if_it_asks_some(tmp_path: Path) -> None:
    document = read_file(write(tmp_path / "plan.txt", "Who leads?\n\nA lead does.\n")).document
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
    assert read_file(path).document.year == 2011


def test_the_id_in_the_front_matter_wins_over_the_file_name(tmp_path: Path) -> None:
    path = write(tmp_path / "old name.md", "---\ntitle: P\nid: new-name\n---\nAsk first.")
    assert read_file(path).document.id == "new-name"


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
    assert read_file(write(tmp_path / name)).document.id == identifier


def test_a_text_becomes_a_document_with_its_title_year_and_dropped_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.txt",
        "A plan for coaches\n\n3 May 2021\n\nAsk first.\n\nWho helps\n\nA lead does.\n\n"
        "RETURN TO TEXT\n",
    )
    reading = read_file(path)
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
    document = read_file(path).document
    assert document.text == "P\n\nStart\n\nAsk first."
    assert document.sections[0].path == ("Start",)


def test_a_heading_that_differs_from_the_title_is_in_the_path(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "---\ntitle: P\n---\n# Part\n\n## Start\n\nAsk first.")
    assert read_file(path).document.sections[0].path == ("Part", "Start")


def test_a_byte_order_mark_hides_no_front_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", b"\xef\xbb\xbf---\r\ntitle: P\r\n---\r\nAsk first.\r\n")
    document = read_file(path).document
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
    sentences = read_file(path).document.sections[0].sentences
    assert [s.role for s in sentences] == [
        SentenceRole.LEAD,
        SentenceRole.ITEM,
        SentenceRole.ITEM,
    ]


def test_a_wrapped_list_item_of_a_text_file_is_one_item(tmp_path: Path) -> None:
    path = write(
        tmp_path / "plan.txt", "The plan\n\n- ask the lead\n  and the coach\n- act on it\n"
    )
    assert read_file(path).document.text == (
        "The plan\n\n- ask the lead and the coach\n- act on it"
    )


def test_indented_code_of_a_markdown_file_is_not_quoted(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.md", "Run this line.\n\n    make everything\n\nThen rest.\n")
    document = read_file(path).document
    assert [document.text[s.start : s.end] for s in document.sections[0].sentences] == [
        "Run this line.",
        "Then rest.",
    ]


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


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.txt", "Ask first. " * 181_819)
    error = refusal(path, Limits(megabytes=1))
    assert error.message == f"{path}: 2 MB is over the limit of 1 MB."
    assert error.remedy == "Split it."


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    limits = Limits(megabytes=1)
    whole = write(tmp_path / "plan.txt", "Ask first." + " " * 999_990)
    assert read_file(whole, limits=limits).document.text == "Ask first."
    assert (
        "over the limit" in refusal(write(tmp_path / "more.txt", b"A" * 1_000_001), limits).message
    )


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gone.txt"
    assert refusal(path).message == f"{path}: cannot be read (No such file or directory)."
