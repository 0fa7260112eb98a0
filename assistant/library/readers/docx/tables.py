"""A table to rows of cells, and these to lines of text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docx.oxml.ns import nsmap

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.docx.markup import Element, children, integer, value

_TALL_CELL = 80  # words; a table with such cells of several paragraphs only arranges a page


@dataclass(frozen=True)
class Cell:
    """A cell of a row. One that spans rows stands in each of them: in the later ones repeated."""

    element: Element
    repeated: bool = False


def rows_of(table: Element) -> list[list[Cell]]:
    """The rows of a table, without those that a change deletes."""
    rows = []
    above: dict[int, Element] = {}
    for row in children(table, "w:tr"):
        if row.find("w:trPr/w:del", nsmap) is None:
            cells = dict(_placed(row, above))
            rows.append(list(cells.values()))
            above = {
                column: cell.element
                for column, cell in cells.items()
                if cell.repeated or _merged(cell.element) is not None
            }
    return rows


def _placed(row: Element, above: Mapping[int, Element]) -> Iterator[tuple[int, Cell]]:
    """The cells of a row by the columns that they begin in; `above` are those that may go on."""
    column = integer(value(row, "w:trPr/w:gridBefore"))
    for one in children(row, "w:tc"):
        goes_on = _merged(one) in ("", "continue") and column in above
        yield column, Cell(above[column], repeated=True) if goes_on else Cell(one)
        column += max(1, integer(value(one, "w:tcPr/w:gridSpan"), 1))


def _merged(cell: Element) -> str | None:
    """Whether a cell is merged with others in its column, and how."""
    return value(cell, "w:tcPr/w:vMerge")


def only_arranges(rows: Sequence[Sequence[Cell]], cells: Iterable[Sequence[Block]]) -> bool:
    """Whether a table has no data in it, but frames a text or arranges a page."""
    return max(map(len, rows), default=0) <= 1 or any(map(_is_part_of_page, cells))


def _is_part_of_page(cell: Sequence[Block]) -> bool:
    kinds = {block.kind for block in cell}
    words = sum(len(block.text.split()) for block in cell)
    return bool(kinds & {BlockKind.TABLE_ROW, BlockKind.HEADING}) or (
        len(cell) > 1 and words > _TALL_CELL
    )


def line_of(cell: Iterable[Block]) -> str:
    """A cell's paragraphs in one line. Items that end in nothing are parted by semicolons."""
    line = ""
    for block in cell:
        apart = block.kind is BlockKind.ITEM and line and line[-1] not in ".,;:!?"
        line += f"{';' if apart else ''} {block.text}" if line else block.text
    return line
