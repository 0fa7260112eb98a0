import pytest
from docx.document import Document

from tests.library.making_files import paragraph, with_parts, word, word_file
from tests.library.readers.docx.showing import read, shown


def test_lists_have_bullets_and_running_numbers() -> None:
    def fill(document: Document) -> None:
        for style, text in (
            ("List Number", "ask"), ("List Number", "act"), ("List Bullet", "in school"),
            ("List Bullet 2", "in class"), ("List Number", "rest"),
        ):  # fmt: skip
            document.add_paragraph(text, style=style)

    assert shown(word_file(fill)) == ["1. ask", "2. act", "- in school", "- in class", "3. rest"]


def test_a_list_counts_by_itself_and_goes_on_after_items_within_items() -> None:
    numbering = _numbering(
        '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="3"/>'
        '<w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>',
        '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'
        '<w:num w:numId="91"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    )
    made = word(
        _item("a", 90) + _item("b", 90, 1) + _item("c", 90, 1) + _item("d", 90)
        + _item("e", 90, 1) + paragraph("Then:") + _item("f", 91) + _item("g", 91)
    )  # fmt: skip
    assert shown(with_parts(made, {"word/numbering.xml": numbering})) == [
        "1. a", "c. b", "d. c", "2. d", "c. e", "Then:", "1. f", "2. g",
    ]  # fmt: skip


def test_a_paragraph_taken_out_of_its_list_is_none() -> None:
    made = word(paragraph("ask", "ListBullet", '<w:numPr><w:numId w:val="0"/></w:numPr>'))
    assert shown(made) == ["ask"]


def test_a_level_without_a_number_is_no_list() -> None:
    numbering = _numbering(
        '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:numFmt w:val="none"/></w:lvl>'
        "</w:abstractNum>",
        '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
    )
    made = with_parts(word(_item("ask", 90)), {"word/numbering.xml": numbering})
    assert shown(made) == ["ask"]


@pytest.mark.parametrize(
    ("form", "first", "markers"),
    [
        ("lowerLetter", 1, ["a.", "b."]),
        ("upperLetter", 3, ["C.", "D."]),
        ("lowerRoman", 8, ["viii.", "ix."]),
        ("upperRoman", 39, ["XXXIX.", "40."]),
        ("lowerLetter", 26, ["z.", "27."]),
        ("lowerLetter", 0, ["0.", "a."]),
        ("decimalZero", 1, ["1.", "2."]),
        ("bullet", 1, ["-", "-"]),
    ],
)
def test_markers_keep_their_letters(form: str, first: int, markers: list[str]) -> None:
    numbering = _numbering(
        f'<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="{first}"/>'
        f'<w:numFmt w:val="{form}"/></w:lvl></w:abstractNum>',
        '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
    )
    made = with_parts(word(_item("x", 90) + _item("x", 90)), {"word/numbering.xml": numbering})
    assert [block.marker for block in read(made).blocks] == markers


def test_a_list_style_is_spelt_out_by_another_list() -> None:
    numbering = _numbering(
        '<w:abstractNum w:abstractNumId="90"><w:numStyleLink w:val="Steps"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="91"><w:styleLink w:val="Steps"/><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="upperRoman"/></w:lvl></w:abstractNum>',
        '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
    )
    made = with_parts(word(_item("ask", 90)), {"word/numbering.xml": numbering})
    assert shown(made) == ["I. ask"]


def _item(text: str, number: int, level: int = 0) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=listed)


def _numbering(kinds: str, lists: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:numbering xmlns:w="{namespace}">{kinds}{lists}</w:numbering>'.encode()
