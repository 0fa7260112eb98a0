"""The Markdown of an answer's text as blocks: words, lists, and its numbers as notes. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.takeaway.paper import DEEPEST, Block, Listing, Paragraph, Run, Runs

VERBATIM = "\ufdd0"  # a noncharacter, which no text has: behind a sentence that is a quote
_MARKER = re.compile(rf"\s*\[(\d{{1,6}})\]|{VERBATIM}")
_LISTS = ("bullet_list_open", "ordered_list_open")
# Without joining, what was escaped stays apart from what was not: "\[3\]" is no citation. Links,
# pictures and markup are the words that they are written with: nothing in a quote is one.
_PARSER = MarkdownIt("commonmark").disable(
    ["text_join", "html_block", "html_inline", "autolink", "link", "image", "reference", "code"]
)


def blocks_of(markdown: str, notes: Mapping[int, int], verbatim: str = "") -> list[Block]:
    """Paragraphs and lists of a text. `notes` gives the note for each number of a citation;
    other numbers in brackets are left as they are. `verbatim` is said at that mark."""
    return list(_Text(notes, verbatim).blocks(_PARSER.parse(markdown)))


class _Text:
    """What numbers and marks stand for in one text."""

    def __init__(self, notes: Mapping[int, int], verbatim: str) -> None:
        self._notes = notes
        self._verbatim = verbatim

    def blocks(self, tokens: Sequence[Token], depth: int = 1) -> Iterator[Paragraph | Listing]:
        for part in parts_of(tokens):
            if part[0].type in _LISTS:
                yield from self._list(part, depth)
            elif part[0].type == "blockquote_open":
                yield from self.blocks(part[1:-1], depth)
            elif runs := joined(run for token in part for run in self._runs(token)):
                yield Paragraph(runs=runs)

    def _list(self, part: Sequence[Token], depth: int) -> Iterator[Paragraph | Listing]:
        items = [tuple(self.blocks(item[1:-1], depth + 1)) for item in parts_of(part[1:-1])]
        if depth > DEEPEST:
            yield from (block for item in items for block in item)
            return
        start = int(part[0].attrs.get("start", 1)) if "ordered" in part[0].type else None
        yield Listing(items=tuple(item or (Paragraph(runs=()),) for item in items), start=start)

    def _runs(self, token: Token) -> Iterator[Run]:
        if token.type != "inline":
            if text := token.content.strip("\n"):
                yield Run(text=text)
            return
        bold = italic = 0
        for child in token.children or []:
            bold += child.nesting if child.type.startswith("strong") else 0
            italic += child.nesting if child.type.startswith("em") else 0
            if child.type == "text":
                yield from self._marked(child.content, bold > 0, italic > 0)
            elif child.type in ("softbreak", "hardbreak"):
                yield Run(text="\n")
            elif child.content:
                yield Run(text=child.content, bold=bold > 0, italic=italic > 0)

    def _marked(self, text: str, bold: bool, italic: bool) -> Iterator[Run]:
        """Words without the blanks before a number, and its note."""
        at, behind_note = 0, False
        for found in _MARKER.finditer(text):
            number = self._notes.get(int(found[1])) if found[1] else None
            if found[1] and number is None:
                continue
            if words := text[at : found.start()]:
                yield Run(text=words, bold=bold, italic=italic)
            elif behind_note and number:
                yield Run(text=" ")  # "1 2" and not "12"
            yield Run(note=number) if number else Run(text=f" {self._verbatim}", italic=True)
            at, behind_note = found.end(), number is not None
        if text[at:]:
            yield Run(text=text[at:], bold=bold, italic=italic)


def joined(runs: Iterable[Run]) -> Runs:
    """Runs in which neighbours of one kind are one."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last and last.text and run.text and last.model_copy(update={"text": run.text}) == run:
            made[-1] = last.model_copy(update={"text": last.text + run.text})
        else:
            made.append(run)
    return tuple(made)


def parts_of(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens cut where nothing is open: paragraphs, lists, items."""
    first = depth = 0
    for n, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[first : n + 1]
            first = n + 1
