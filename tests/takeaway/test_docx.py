import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.records import Claim
from assistant.takeaway.docx.document import docx
from assistant.takeaway.paper import A4, Layout, Paper, paragraph, points
from assistant.takeaway.text import clean
from tests.coaching.sample import QUOTES, sample_plan, sample_series
from tests.takeaway.sample import (
    QUOTES as CITED,
)
from tests.takeaway.sample import declined_answer, quoted_answer, strange_plan, taken

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(data: bytes) -> Any:
    return Document(BytesIO(data))


def part(data: bytes, name: str) -> Any:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def footnotes(data: bytes) -> dict[int, str]:
    """The footnotes by their ids, without the separators."""
    root = part(data, "word/footnotes.xml")
    return {
        int(one.get(f"{W}id")): "".join(one.itertext())
        for one in root
        if one.get(f"{W}type") is None
    }


def test_every_citation_is_a_footnote_with_its_source_and_its_quote() -> None:
    data = taken(quoted_answer(), "docx")
    found = footnotes(data)
    assert list(found) == [1, 2, 3, 4]
    for number, quote in enumerate(CITED, 1):
        assert f"“{quote}”" in found[number]
        assert "section “What *helps*?”, page 3" in found[number]


def test_a_second_use_of_a_citation_refers_to_the_same_footnote() -> None:
    body = opened(taken(quoted_answer(), "docx")).element.body
    references = [one.get(f"{W}id") for one in body.iter(f"{W}footnoteReference")]
    again = [one.text for one in body.iter(f"{W}instrText")]
    assert references == ["1", "2", "3", "4"]
    assert again == [" NOTEREF _Note1 \\f \\h ", " NOTEREF _Note2 \\f \\h "]
    names = {one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")}
    assert {"_Note1", "_Note2"} <= names


def test_footnotes_are_related_typed_and_have_their_separators() -> None:
    data = taken(sample_plan(), "docx")
    with ZipFile(BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
        archive.testzip()
    assert 'PartName="/word/footnotes.xml"' in types
    assert re.search(r'relationships/footnotes"[^>]*Target="footnotes.xml"', relations)
    kinds = [one.get(f"{W}type") for one in part(data, "word/footnotes.xml")]
    assert kinds[:2] == ["separator", "continuationSeparator"]
    settings = part(data, "word/settings.xml")
    assert [one.get(f"{W}id") for one in settings.find(f"{W}footnotePr")] == ["-1", "0"]


def test_without_citations_there_are_no_footnotes() -> None:
    data = taken(sample_plan(ideas=(), citations=()), "docx")
    assert "word/footnotes.xml" not in ZipFile(BytesIO(data)).namelist()


def test_footnotes_out_of_order_keep_their_own_numbers() -> None:
    ideas = (
        Claim(text=QUOTES[1], support="verbatim", citations=(2,)),
        Claim(text=QUOTES[0], support="verbatim", citations=(1,)),
    )
    data = taken(sample_plan(ideas=ideas), "docx")
    body = opened(data).element.body
    marks = [one.get(f"{W}customMarkFollows") for one in body.iter(f"{W}footnoteReference")]
    assert marks == ["1", "1"]
    assert [text[:2] for text in footnotes(data).values()] == ["2 ", "1 "]


def test_a_source_that_the_text_does_not_refer_to_keeps_its_quote() -> None:
    answer = quoted_answer(text="Nothing is marked.")
    text = "\n".join(one.text for one in opened(taken(answer, "docx")).paragraphs)
    assert all(f"“{quote}”" in text for quote in CITED)


def test_headings_are_headings() -> None:
    document = opened(taken(sample_plan(), "docx"))
    styles = [(one.style.name, one.text) for one in document.paragraphs]
    assert styles[0] == ("Title", "Exploration: agree what the need in reading is")
    assert ("Heading 1", "Agenda") in styles
    assert ("Heading 2", "Item 4: Five whys (0:35 to 1:05, 30 minutes)") in styles


def test_tables_have_a_header_row_that_is_repeated_and_a_name() -> None:
    document = opened(taken(sample_plan(), "docx"))
    assert len(document.tables) == 5
    for table in document.tables:
        rows = table._tbl.findall(f"{W}tr")
        marked = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert marked == [True] + [False] * (len(rows) - 1)
        assert table._tbl.tblPr.find(f"{W}tblDescription").get(f"{W}val")
    assert [cell.text for cell in document.tables[0].rows[2].cells] == [
        "0:10 to 0:25", "2: Look at the data and a story", "15", "",
        "A cause that the team agrees to test",
    ]  # fmt: skip


def test_lists_are_lists_and_each_numbered_one_counts_anew() -> None:
    data = taken(sample_plan(), "docx")
    document = opened(data)
    steps = [one for one in document.paragraphs if one.text.startswith("Ask why")]
    numbers = [int(one._p.pPr.numPr.numId.val) for one in steps]
    assert len(set(numbers)) == len(numbers) == 7
    numbering = part(data, "word/numbering.xml")
    starts = {
        int(num.get(f"{W}numId")): num.find(f"{W}lvlOverride/{W}startOverride") for num in numbering
        if num.tag == f"{W}num"
    }  # fmt: skip
    assert all(starts[number].get(f"{W}val") == "1" for number in numbers)


@pytest.mark.parametrize(
    ("layout", "size"),
    [(A4, (210, 297)), (Layout(paper="Letter"), (216, 279))],
)
def test_the_page_has_the_size_that_was_asked_for(layout: Layout, size: tuple[int, int]) -> None:
    section = opened(taken(sample_plan(), "docx", layout)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size


def test_large_print_is_nowhere_smaller_than_18_points() -> None:
    data = taken(sample_plan(), "docx", Layout(large=True))
    document = opened(data)
    used = {one.style.name for one in document.paragraphs} | {"footnote text", "Footer"}
    used |= {one.style.name for table in document.tables for one in table.cell(0, 0).paragraphs}
    for name in used:
        assert document.styles[name].font.size.pt >= 18, name
    assert document.styles["Heading 1"].font.size > document.styles["Normal"].font.size
    assert not list(document.element.body.iter(f"{W}sz"))


def test_every_style_that_is_used_is_there() -> None:
    data = taken([quoted_answer(), declined_answer()], "docx")
    known = {one.get(f"{W}styleId") for one in part(data, "word/styles.xml").iter(f"{W}style")}
    for name in ("document", "footnotes", "footer1"):
        root = part(data, f"word/{name}.xml")
        used = {one.get(f"{W}val") for kind in "pr" for one in root.iter(f"{W}{kind}Style")}
        assert used <= known, name


def test_pages_are_numbered() -> None:
    footer = opened(taken(sample_plan(), "docx")).sections[0].footer
    codes = [one.get(f"{W}instr").strip() for one in footer._element.iter(f"{W}fldSimple")]
    assert codes == ["PAGE", "NUMPAGES"]


def test_the_document_says_its_language_and_title_and_nothing_of_people() -> None:
    data = taken(sample_plan(), "docx")
    about = opened(data).core_properties
    assert (about.title, about.language) == (sample_plan().title, "en-GB")
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    styles = part(data, "word/styles.xml")
    assert {one.get(f"{W}val") for one in styles.iter(f"{W}lang")} == {"en-GB"}
    with ZipFile(BytesIO(data)) as archive:
        assert not any("thumbnail" in name for name in archive.namelist())


def test_addresses_are_links_if_they_are_safe() -> None:
    bad = quoted_answer().citations[0].model_copy(update={"url": "javascript:alert(1)"})
    answer = quoted_answer(citations=(bad, *quoted_answer().citations[1:]))
    document = opened(taken(answer, "docx"))
    links = [one.get(qn("r:id")) for one in document.element.body.iter(f"{W}hyperlink")]
    assert [document.part.rels[link].target_ref for link in links] == [
        "https://example.org/1",
        "https://example.org/2",
    ]
    assert "javascript:alert(1)" in "".join(document.element.body.itertext())


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert taken(sample_plan(), "docx") == taken(sample_plan(), "docx")


def test_a_series_and_a_conversation_hold_all_of_their_footnotes() -> None:
    assert len(footnotes(taken(sample_series(), "docx"))) == 6
    assert len(footnotes(taken([quoted_answer(), declined_answer()], "docx"))) == 6


def test_strange_text_does_no_harm() -> None:
    text = "\n".join(one.text for one in opened(taken(strange_plan(), "docx")).paragraphs)
    assert "שלום" in text
    assert "x" * 500 in text


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    blocks = (paragraph(text), points([text]), paragraph("end"))
    paper = Paper(kind="answer", title=text, blocks=blocks, notes=())
    _, first, second, _ = (one.text for one in opened(docx(paper, A4)).paragraphs)
    assert first == second == clean(text)
