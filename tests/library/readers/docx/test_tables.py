from docx.document import Document

from assistant.library.blocks import on_one_line
from assistant.library.readers.extract import Limits
from tests.library.making_files import paragraph, word, word_file
from tests.library.readers.docx.showing import read, refusal, shown


def test_a_table_becomes_rows_between_the_paragraphs_around_it() -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("Before.")
        table = document.add_table(rows=3, cols=3)
        for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
            cell.text = f"c{number}"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "both"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "wide"
        document.add_paragraph("After.")

    assert shown(word_file(fill)) == [
        "Before.", "| c0 | wide", "| both | c4 | c5", "| both | c7 | c8", "After.",
    ]  # fmt: skip


def test_a_box_becomes_its_paragraphs() -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.text = "Key message."
        cell.add_paragraph("Ask early.", style="List Bullet")

    assert shown(word_file(fill)) == ["Key message.", "- Ask early."]


def test_a_table_that_arranges_a_page_becomes_paragraphs() -> None:
    def fill(document: Document) -> None:
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).paragraphs[0].style = document.styles["Heading 2"]
        table.cell(0, 0).paragraphs[0].text = "Left"
        table.cell(0, 0).add_paragraph("On the left.")
        table.cell(0, 1).text = "On the right."

    assert shown(word_file(fill)) == ["3 Left", "On the left.", "On the right."]


def test_items_in_a_cell_are_parted() -> None:
    def fill(document: Document) -> None:
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "Week 1"
        table.cell(0, 1).paragraphs[0].style = document.styles["List Bullet"]
        table.cell(0, 1).paragraphs[0].text = "ask"
        table.cell(0, 1).add_paragraph("act", style="List Bullet")

    assert shown(word_file(fill)) == ["| Week 1 | ask; act"]


def _table(*rows: tuple[str, ...]) -> str:
    """A table of cells by their text, with a sign before it.

    One over several rows begins with ">" and goes on with "^"; "_" is two columns wide.
    """
    signs = {
        ">": '<w:vMerge w:val="restart"/>',
        "^": "<w:vMerge/>",
        "_": '<w:gridSpan w:val="2"/>',
    }

    def cell(text: str) -> str:
        properties = signs.get(text[:1], "")
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text.lstrip('>^_'))}</w:tc>"

    made = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl>{made}</w:tbl>"


def test_a_cell_over_several_rows_is_repeated_in_each() -> None:
    table = _table(("Who", "What", "When"), (">Lead", "asks", ">May"), ("^", "acts", "^"))
    assert shown(word(table)) == [
        "| Who | What | When", "| Lead | asks | May", "| Lead | acts | May",
    ]  # fmt: skip


def test_a_cell_is_repeated_in_its_own_column() -> None:
    rows = [("_wide", ">May"), ("ask", "act", "^"), ("rest", ">June", "July"), ("a", "^", "b")]
    assert shown(word(_table(*rows))) == [
        "| wide | May", "| ask | act | May", "| rest | June | July", "| a | June | b",
    ]  # fmt: skip


def test_a_cell_that_goes_on_with_none_is_one_of_its_own() -> None:
    table = _table(("Who", "What"), ("^Ann", "asks"))
    assert shown(word(table)) == ["| Who | What", "| Ann | asks"]


def test_a_row_with_nothing_of_its_own_is_left_out() -> None:
    table = _table((">Lead", ">asks"), ("^", "^"), ("^", ""))
    assert shown(word(table)) == ["| Lead | asks"]


def test_an_empty_cell_keeps_its_place() -> None:
    text = read(word(_table(("a", "", "c")))).blocks[0].text
    assert text == on_one_line(text) == "a | | c"


def test_a_cell_over_several_rows_that_only_arranges_is_read_once() -> None:
    table = _table((">Lead", "Ask."), ("^", "Act."))
    heading = '<w:pStyle w:val="Heading1"/>'
    made = table.replace("<w:pPr></w:pPr>", f"<w:pPr>{heading}</w:pPr>", 1)
    assert shown(word(made)) == ["1 Lead", "Ask.", "Act."]


def test_what_is_repeated_counts_as_text() -> None:
    table = _table((">word " * 10, "a"), *[("^", "b")] * 10)
    assert refusal(word(table), Limits(characters=200)).startswith("holds more than 200")
