"""The rows of a table, and whether it has data in it or arranges a page."""

from collections.abc import Iterator, Set

from assistant.library.blocks import on_one_line
from assistant.library.readers.html.elements import Element, flat

_TALL_CELL = 80  # words; a table with such cells of several paragraphs only arranges a page


def has_data(table: Element) -> bool:
    """Whether a table has data in it. Others frame a text or arrange a page."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    if any(table.find(f".//td//h{n}") is not None for n in range(1, 7)):
        return False
    rows = [_cells(row) for row in _rows(table)]
    return max(map(len, rows), default=0) > 1 and not any(
        _is_tall(cell) for row in rows for cell in row
    )


def lines_of(table: Element, left_out: Set[Element]) -> Iterator[str]:
    """The cells of each row on one line, without some elements."""
    for row in _rows(table):
        if row not in left_out:
            cells = [flat(cell, left_out) for cell in _cells(row) if cell not in left_out]
            if any(cells):
                yield on_one_line(" | ".join(cells))


def _rows(table: Element) -> Iterator[Element]:
    for one in table:
        if one.tag == "tr":
            yield one
        elif one.tag in ("thead", "tbody", "tfoot"):
            yield from one.iterfind("tr")


def _cells(row: Element) -> list[Element]:
    return [one for one in row if one.tag in ("td", "th")]


def _is_tall(cell: Element) -> bool:
    paragraphs = sum(1 for _ in cell.iter("p", "li"))
    return paragraphs > 1 and sum(len(text.split()) for text in cell.itertext()) > _TALL_CELL
