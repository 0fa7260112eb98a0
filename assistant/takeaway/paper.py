"""A paper: blocks that know nothing of formats, so that every format says the same."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from assistant.records import Citation, Record
from assistant.render import source_line
from assistant.takeaway.text import clean, on_one_line

Clean = Annotated[str, AfterValidator(clean)]
Line = Annotated[str, AfterValidator(on_one_line)]
Title = Annotated[str, AfterValidator(lambda text: on_one_line(text) or "…")]  # never empty

DEEPEST = 4  # lists within lists; deeper ones are no guidance, and Word stops at nine
_COLUMNS_IN_LARGE_PRINT = 3
_LONGEST_WHOLE = 500  # characters: a third of a page in a narrow column or in large print
_LONGEST_LINK = 2000  # characters; Word takes 2,083
_WEB = re.compile(r"https?://[\x21-\x7e]+$", re.IGNORECASE)


class Layout(Record):
    """The paper that a file is printed on. `large`: at least 18 points, for easier reading."""

    paper: Literal["A4", "Letter"] = "A4"
    large: bool = False


A4 = Layout()


class Run(Record):
    """Words within a line. A `note` is the number of a footnote that stands behind them, `url` an
    address that they lead to. A `blank` is left for people to write in; `text` is then empty."""

    text: Clean = ""
    bold: bool = False
    italic: bool = False
    note: int | None = None
    url: Line | None = None
    blank: bool = False


Runs: TypeAlias = tuple[Run, ...]


class Heading(Record):
    """A heading, of level 1 below the title."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=4)
    text: Title
    new_page: bool = False


class Paragraph(Record):
    """A paragraph; a `quote` is set apart."""

    kind: Literal["paragraph"] = "paragraph"
    runs: Runs
    quote: bool = False
    lead: bool = False  # stays with what follows


class Listing(Record):
    """A list. Its items hold paragraphs and lists. A numbered one counts from `start`; a
    `whole` one stays on one page."""

    kind: Literal["listing"] = "listing"
    items: tuple[tuple["Paragraph | Listing", ...], ...]
    start: int | None = None
    whole: bool = False


class Table(Record):
    """A table with one row of headers. `name` says what it holds to those who do not see it,
    `widths` are parts of the width of the page. `item` names a row where rows have to stand one
    below the other."""

    kind: Literal["table"] = "table"
    name: Line
    item: Line
    header: tuple[Line, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Runs, ...], ...]


class Sources(Record):
    """The place where all sources are listed."""

    kind: Literal["sources"] = "sources"


Block: TypeAlias = Heading | Paragraph | Listing | Table | Sources


class Note(Record):
    """A footnote: the place that a number cites, and its words."""

    number: int
    document_id: str
    source: Line
    document: Line
    url: Line | None
    quote: Clean


class Paper(Record):
    """What is taken away. Notes are numbered from 1 within the whole paper."""

    kind: Literal["answer", "conversation", "plan", "series"]
    title: Title
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


class Source(Record):
    """A document that is cited, and the numbers of the notes that cite it."""

    document: str
    url: str | None
    numbers: tuple[int, ...]

    @property
    def link(self) -> str | None:
        """The address, if it is one that a file may lead to."""
        safe = self.url and len(self.url) < _LONGEST_LINK and _WEB.match(self.url)
        return self.url if safe else None


def note_of(citation: Citation, number: int) -> Note:
    """A citation as the note of that number."""
    whole = citation.model_copy(update={"section": "", "page": None})
    return Note(
        number=number,
        document_id=citation.document_id,
        source=source_line(citation),
        document=source_line(whole),
        url=citation.url,
        quote=citation.quote.strip(),
    )


def sources(notes: Sequence[Note]) -> tuple[Source, ...]:
    """The documents of notes, each once, in the order in which they are cited first."""
    found: dict[tuple[str, str, str | None], list[int]] = {}
    for note in notes:
        found.setdefault((note.document_id, note.document, note.url), []).append(note.number)
    return tuple(
        Source(document=document, url=url, numbers=tuple(numbers))
        for (_, document, url), numbers in found.items()
    )


def words(text: str, *, bold: bool = False, italic: bool = False) -> Runs:
    """A text as the words of a line."""
    return (Run(text=text, bold=bold, italic=italic),)


def paragraph(text: str) -> Paragraph:
    """A text as a paragraph."""
    return Paragraph(runs=words(text))


def labelled(label: str, text: str) -> Paragraph:
    """A line with a name in bold before its text."""
    return Paragraph(runs=(Run(text=f"{label}: ", bold=True), Run(text=text)))


def points(
    lines: Sequence[str | Paragraph], start: int | None = None, *, whole: bool = False
) -> Listing:
    """Lines as the items of a list, numbered from `start` if it is given."""
    items = (line if isinstance(line, Paragraph) else paragraph(line) for line in lines)
    return Listing(items=tuple((item,) for item in items), start=start, whole=whole)


def runs_in(blocks: Sequence[Block]) -> Iterator[Run]:
    """All runs of blocks, in the order of reading."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, Listing):
            for item in block.items:
                yield from runs_in(item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from cell


def referred(paper: Paper) -> list[int]:
    """The numbers of the notes that the text refers to, each once, in the order of reading."""
    return list(dict.fromkeys(run.note for run in runs_in(paper.blocks) if run.note is not None))


def fitted(blocks: Sequence[Block], layout: Layout) -> Iterator[Block]:
    """Blocks as they fit the page: in large print the rows of a wide table stand one below the
    other, each cell on a line behind the name of its column."""
    for block in blocks:
        if (
            isinstance(block, Table)
            and layout.large
            and len(block.header) > _COLUMNS_IN_LARGE_PRINT
        ):
            yield from stacked(block)
        else:
            yield block


def stacked(table: Table) -> Iterator[Block]:
    """The rows of a table as lists below their numbers."""
    for n, row in enumerate(table.rows, 1):
        yield Paragraph(runs=words(f"{table.item} {n}", bold=True), lead=True)
        cells = zip(table.header, row, strict=True)
        lines = [
            Paragraph(runs=(Run(text=f"{name}: ", bold=True), *cell))
            for name, cell in cells
            if any(run.text or run.blank for run in cell)
        ]
        yield points(lines, whole=is_short(row))


def is_short(row: Sequence[Runs]) -> bool:
    """Whether the cells of a row can stand on one page, however narrow they are."""
    return sum(len(run.text) for cell in row for run in cell) < _LONGEST_WHOLE
