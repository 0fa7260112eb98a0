import re

import pytest
from docx.document import Document
from docx.shared import Pt

from tests.library.making_files import ADVICE, paragraph, part_of, with_parts, word, word_file
from tests.library.readers.docx.showing import read


def test_the_metadata_are_read() -> None:
    def fill(document: Document) -> None:
        core = document.core_properties
        core.title, core.author = "The plan", "Ann Lee"
        document.add_paragraph("Agreed on 3 May 2021 in Leeds.")

    about = read(word_file(fill)).about
    assert (about.title, about.author, about.year) == ("The plan", "Ann Lee", 2021)


def test_the_year_of_making_is_the_last_resort() -> None:
    assert read(word(paragraph(ADVICE))).about.year == 2013  # of python-docx's own template


def test_the_company_is_the_publisher() -> None:
    data = word(paragraph(ADVICE))
    name = "docProps/app.xml"
    own = re.sub(rb"<Company>.*?</Company>|<Company/>", b"", part_of(data, name))
    company = b"<Company>Hillview Trust</Company></Properties>"
    data = with_parts(data, {name: own.replace(b"</Properties>", company)})
    assert read(data).about.publisher == "Hillview Trust"


def test_a_document_without_metadata_has_none() -> None:
    data = word(paragraph(ADVICE))
    kept = re.sub(rb'<Relationship [^>]*-properties"[^>]*/>', b"", part_of(data, "_rels/.rels"))
    about = read(with_parts(data, {"_rels/.rels": kept})).about
    assert (about.title, about.author, about.publisher, about.year) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ([("The plan", "Title"), (ADVICE, "Normal")], "The plan"),
        ([("The plan", "Heading 1"), ("Who", "Heading 2"), (ADVICE, "Normal")], "The plan"),
        ([("Who", "Heading 1"), (ADVICE, "Normal"), ("When", "Heading 1")], "Stale"),
        ([(ADVICE, "Normal")], "Stale"),
    ],
)
def test_a_title_that_is_seen_wins(text: list[tuple[str, str]], title: str) -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = "Stale"
        for line, style in text:
            document.add_paragraph(line, style=style)

    assert read(word_file(fill)).about.title == title


def test_a_title_that_is_only_large_does_not_win() -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = "The plan"
        for line, size in (("Hillview Trust", 20), ("Who helps", 12)):
            run = document.add_paragraph().add_run(line)
            run.bold, run.font.size = True, Pt(size)
            document.add_paragraph(ADVICE)

    extract = read(word_file(fill))
    assert extract.blocks[0].level == 1
    assert extract.about.title == "The plan"
