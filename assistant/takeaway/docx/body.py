"""The blocks of a paper as the elements of a document's body."""

from collections.abc import Iterator, Sequence

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from assistant.prompts import fill
from assistant.takeaway.docx.elements import Element, el, paragraph, run
from assistant.takeaway.docx.footnotes import Footnotes
from assistant.takeaway.docx.numbering import Numbering
from assistant.takeaway.docx.styles import Space
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import (
    Block,
    Heading,
    Listing,
    Note,
    Paragraph,
    Runs,
    Source,
    Table,
    sources,
)

_BLANK = "_" * 14
_BLANK_ROW = 560  # twentieths of a point: room for a line of handwriting
_INSET = 90  # of words in a cell
_BORDER = "595959"  # on white 7:1


class Body:
    """Writes blocks into a document."""

    def __init__(
        self, document: Document, footnotes: Footnotes, notes: Sequence[Note], space: Space
    ) -> None:
        self._part = document.part
        self._footnotes = footnotes
        self._notes = notes
        self._width = space.width
        self._numbering = Numbering(document, space.indent)

    def elements(self, blocks: Sequence[Block]) -> Iterator[Element]:
        """Paragraphs and tables, in order."""
        for n, block in enumerate(blocks, 1):
            if isinstance(block, Heading):
                more = (el("w:pageBreakBefore"),) if block.new_page else ()
                yield paragraph(run(block.text), style=f"Heading{block.level}", more=more)
            elif isinstance(block, Paragraph):
                more = (el("w:keepNext"),) if block.lead else ()
                style = "Quote" if block.quote else ""
                yield paragraph(*self._runs(block.runs), style=style, more=more)
            elif isinstance(block, Listing):
                yield from self._listing(block)
            elif isinstance(block, Table):
                yield self._table(block)
                if n == len(blocks) or isinstance(blocks[n], Table):
                    yield paragraph()  # two tables in a row would be one, and none may end a text
            else:
                yield from self._sources()

    def _runs(self, runs: Runs, blank: str = _BLANK) -> Iterator[Element]:
        for one in runs:
            if one.note is not None:
                yield from self._footnotes.refer(one.note)
            elif one.blank:
                if blank:
                    yield run(blank)
            else:
                yield run(one.text, bold=one.bold, italic=one.italic)

    def _listing(self, listing: Listing) -> Iterator[Element]:
        """A list with space behind it."""
        made = list(self._items(listing, 0))
        for n, one in enumerate(made, 1):
            about = one.find(qn("w:pPr"))
            if n == len(made):
                about.find(qn("w:pStyle")).set(qn("w:val"), "ListEnd")
            elif listing.whole:
                about.insert(1, el("w:keepNext"))
        yield from made

    def _items(self, listing: Listing, level: int) -> Iterator[Element]:
        number = self._numbering.of(listing.start, level)
        for item in listing.items:
            for n, block in enumerate(item):
                if isinstance(block, Listing):
                    yield from self._items(block, level + 1)
                else:
                    # What follows in an item has no number of its own.
                    about = self._numbering.place(level, number if n == 0 else None)
                    runs = self._runs(block.runs)
                    yield paragraph(*runs, style="ListParagraph", more=(about,))

    def _table(self, table: Table) -> Element:
        parts = sum(table.widths)
        widths = [self._width * width // parts for width in table.widths]
        header = [[run(name)] for name in table.header]
        rows = [_row(header, widths, "TableHeader", is_header=True)]
        for row in table.rows:
            cells = [list(self._runs(cell, blank="")) for cell in row]
            rows.append(_row(cells, widths, "TableText"))
        grid = el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths))
        return el("w:tbl", _table_properties(table.name, sum(widths)), grid, *rows)

    def _sources(self) -> Iterator[Element]:
        number = self._numbering.of(None, 0)
        lines = [list(self._source(source)) for source in sources(self._notes)]
        lines += [
            [run(f"{note.number}. {note.source}: “{note.quote}”")]
            for note in self._notes
            if not self._footnotes.has(note.number)
        ]
        for line in lines:
            yield paragraph(*line, style="ListParagraph", more=(self._numbering.place(0, number),))

    def _source(self, source: Source) -> Iterator[Element]:
        numbers = ", ".join(map(str, source.numbers))
        yield run(source.document + ", ")
        if source.link:
            link = el("w:hyperlink", run(source.link, style="Hyperlink"))
            link.set(qn("r:id"), self._part.relate_to(
                source.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            ))  # fmt: skip
            yield link
        elif source.url:
            yield run(source.url)
        cited = fill(read_labels().sources.cited_as, numbers=numbers)
        yield run(f", {cited}" if source.url else cited)


def _table_properties(name: str, width: int) -> Element:
    """Borders, a fixed layout so that no column runs over, and what the table holds."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (el(f"w:{side}", val="single", sz=4, space=0, color=_BORDER) for side in sides)
    margins = (el(f"w:{side}", w=_INSET, type="dxa") for side in ("left", "right"))
    return el(
        "w:tblPr", el("w:tblW", w=width, type="dxa"),
        el("w:tblBorders", *lines),
        el("w:tblLayout", type="fixed"), el("w:tblCellMar", *margins),
        el("w:tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0,
           noHBand=1, noVBand=1),
        el("w:tblCaption", val=name), el("w:tblDescription", val=name),
    )  # fmt: skip


def _row(
    cells: Sequence[Sequence[Element]], widths: Sequence[int], style: str, is_header: bool = False
) -> Element:
    """A row that stays on one page; the header is repeated on each."""
    shade = {"val": "clear", "color": "auto", "fill": "EDEDED"}
    height = None if is_header or all(cells) else el("w:trHeight", val=_BLANK_ROW, hRule="atLeast")
    header = el("w:tblHeader") if is_header else None
    made = el("w:tr", el("w:trPr", el("w:cantSplit"), height, header))
    for content, width in zip(cells, widths, strict=True):
        shading = el("w:shd", **shade) if is_header else None
        about = el("w:tcPr", el("w:tcW", w=width, type="dxa"), shading)
        made.append(el("w:tc", about, paragraph(*content, style=style)))
    return made
