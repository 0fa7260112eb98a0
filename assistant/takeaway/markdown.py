"""A paper as Markdown that also reads well as it is typed. Pure."""

import re
from collections.abc import Iterator, Sequence

from assistant.render import escape_markdown
from assistant.takeaway.paper import (
    Block,
    Heading,
    Listing,
    Note,
    Paper,
    Paragraph,
    Run,
    Runs,
    Table,
)
from assistant.takeaway.text import on_one_line

_BLANK = "_____"  # Markdown makes nothing of it between blanks
_WIDEST = 40  # characters to which the cells of a column are filled up, so that they align
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_BLANKS = re.compile(" {2,}")


def markdown(paper: Paper) -> bytes:
    """The paper as Markdown in UTF-8: numbers in brackets, and what they cite in the list of
    sources."""
    blocks = [f"# {_line(paper.title)}", *_blocks(paper.blocks, paper.notes)]
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _blocks(blocks: Sequence[Block], notes: Sequence[Note]) -> Iterator[str]:
    lists = 0  # in a row: they would be one list but for another marker
    for block in blocks:
        lists = lists + 1 if isinstance(block, Listing) else 0
        if isinstance(block, Heading):
            yield f"{'#' * (block.level + 1)} {_line(block.text)}"
        elif isinstance(block, Paragraph):
            text = _runs(block.runs)
            yield text.replace("\n", "\n> ").join(("> ", "")) if block.quote else text
        elif isinstance(block, Listing):
            yield "\n".join(_items(block, "", lists % 2 == 0))
        elif isinstance(block, Table):
            yield "\n".join(_rows(block))
        else:
            yield "\n".join(map(_source, notes))


def _source(note: Note) -> str:
    """Number, source, address and quote, as an item of a list."""
    url = f", {_line(note.url)}" if note.url else ""
    return f"- [{note.number}] {_line(note.source)}{url}: “{_line(note.quote)}”"


def _line(text: str) -> str:
    return escape_markdown(on_one_line(text))


def _runs(runs: Runs) -> str:
    """Words as Markdown, lines without blanks at their ends, none of them empty."""
    lines = _BLANKS.sub(" ", "".join(map(_run, runs))).split("\n")
    return "\n".join(line.strip(" ") for line in lines if line.strip())


def _run(run: Run) -> str:
    """Words with their stars, which do not stand beside blanks."""
    if run.note is not None:
        return f" [{run.note}]"
    if run.blank:
        return _BLANK
    stars = "**" if run.bold else "*" if run.italic else ""
    found = _EDGES.fullmatch(run.text)
    if not stars or found is None or not found[2]:
        return escape_markdown(run.text)
    return f"{found[1]}{stars}{escape_markdown(found[2])}{stars}{found[3]}"


def _items(listing: Listing, indent: str, other: bool) -> Iterator[str]:
    """The lines of a list at a depth, with the `other` of two markers."""
    for n, item in enumerate(listing.items, listing.start or 0):
        bullet = "*" if other else "-"
        marker = bullet if listing.start is None else f"{n}{')' if other else '.'}"
        inner = indent + " " * (len(marker) + 1)
        lines: list[str] = []
        lists = 0
        for block in item:
            lists = lists + 1 if isinstance(block, Listing) else 0
            if isinstance(block, Listing):
                lines += _items(block, inner, lists % 2 == 0)
            else:
                text = _runs(block.runs).replace("\n", f"\n{inner}")
                lines += ["", inner + text] if lines else [inner + text]
        yield f"{indent}{marker} {lines[0].lstrip(' ')}"
        yield from lines[1:]


def _rows(table: Table) -> Iterator[str]:
    rows = [[_line(name) for name in table.header]]
    rows += [[_runs(cell).replace("\n", " ") for cell in row] for row in table.rows]
    widths = [min(_WIDEST, max(3, *map(len, column))) for column in zip(*rows, strict=True)]
    for n, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
        if n == 0:
            yield f"| {' | '.join('-' * width for width in widths)} |"
