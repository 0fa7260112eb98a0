from pathlib import Path

import pytest
from docx.document import Document

from assistant.library.notes import split_front_matter
from assistant.library.readers.markdown import read_markdown
from assistant.library.sentences import split_sentences
from tests.library.making_files import (
    ADVICE,
    ORDER,
    instructions,
    paragraph,
    with_parts,
    word,
    word_file,
)
from tests.library.readers.docx.showing import read, refusal, shown

FILES = Path(__file__).parents[2] / "files"
NOTE = Path(__file__).parents[4] / "corpus/notes/teams/training-and-coaching.md"
MAIN = "word/document.xml"


def test_every_sentence_of_a_note_is_found_in_the_document_made_from_it() -> None:
    _, body = split_front_matter(NOTE.read_text("utf-8"), NOTE)
    written = read_markdown(body).blocks
    found = {(block.kind, block.marker, block.text) for block in read(_note()).blocks}
    sentences = [
        block.text[start:end] for block in written for start, end in split_sentences(block.text)
    ]
    assert len(sentences) > 30
    assert [one for one in sentences if not any(one in text for _, _, text in found)] == []
    assert {(b.kind, b.marker, b.text) for b in written} <= found


def test_a_document_of_libreoffice_has_its_title_and_its_author() -> None:
    extract = read(_note())
    assert extract.about.title == "Training and coaching"
    assert extract.about.author == "Implementation Assistant library"
    assert extract.blocks[0].level == 1
    assert {block.level for block in extract.blocks[1:]} == {0, 2}


def _note() -> bytes:
    return (FILES / "note.docx").read_bytes()


def test_running_heads_and_feet_are_named_as_dropped() -> None:
    def fill(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Hillview Trust"
        document.sections[0].footer.paragraphs[0].text = "12"
        document.add_paragraph(ADVICE)
        document.add_paragraph("Back to top")

    extract = read(word_file(fill))
    assert [block.text for block in extract.blocks] == [ADVICE]
    assert extract.dropped == ["Hillview Trust", "Back to top"]


def test_an_order_to_the_assistant_is_text_like_any_other() -> None:
    assert shown(instructions(".docx")) == ["1 Coaching", "2 What coaches do", ADVICE, ORDER]


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": None},
        {"_rels/.rels": None},
        {MAIN: b"<w:document"},
        {MAIN: b"<other/>"},
        {MAIN: b""},
        {"word/styles.xml": b"not XML"},
    ],
)
def test_missing_and_broken_parts_are_damage(parts: dict[str, bytes | None]) -> None:
    assert refusal(with_parts(word(paragraph(ADVICE)), parts)) == "is damaged or incomplete."


def test_a_document_without_text_says_so() -> None:
    assert refusal(word("<w:p/>")) == "has no text."
