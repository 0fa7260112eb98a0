"""Goes through a page in its order, and finds the blocks of the part that is read."""

import re
from dataclasses import replace

from lxml import etree

from assistant.library.blocks import Block, BlockKind, normalise, on_one_line
from assistant.library.readers.html.elements import INLINE, SILENT, Element, flat, is_note_mark
from assistant.library.readers.html.lists import Lists
from assistant.library.readers.html.main_part import Plan
from assistant.library.readers.html.tables import has_data, lines_of

_MOST_DROPPED = 50
_LONGEST_DROPPED = 200  # characters
_LONGEST_HEADING = 40  # words; a longer one was never closed
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_MAY_BE_ANCHORS = {"section", "div", "article", "main", "a", "header", "span"}


def walked(root: Element, plan: Plan) -> tuple[list[Block], list[str]]:
    """The blocks of what is read, and the texts of what is left out, shortened, each once."""
    walk = _Walk(plan)
    walk.through(root)
    return _levelled(walk.found, walk.titles), list(walk.dropped)


def _levelled(found: list[Block], titles: list[str]) -> list[Block]:
    """The title at level 1 and the sections from level 2. `titles` stand above the main part."""
    firsts = sum(block.level == 1 for block in found)
    if firsts > 1:
        return [replace(block, level=block.level + 1) if block.level else block for block in found]
    if not firsts and len(titles) == 1:
        return [Block(BlockKind.HEADING, titles[0], level=1), *found]
    return found


class _Walk:
    """Takes up one element after another."""

    def __init__(self, plan: Plan) -> None:
        self.found: list[Block] = []
        self.dropped: dict[str, None] = {}
        self.titles: list[str] = []
        self._plan = plan
        self._is_read = plan.main is None
        self._written: list[str] = []
        self._anchor: str | None = None
        self._lists = Lists()

    def through(self, root: Element) -> None:
        """Find the blocks below an element."""
        skipped = None
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, one in walk:
            if event == "start":
                if not self._start(one):
                    skipped = one
                    walk.skip_subtree()
            else:
                if one is not skipped:
                    self._end(one)
                self._write(one.tail)
        self._flush()

    def _start(self, one: Element) -> bool:
        """Take up an element. Gives whether what is in it is still to be gone through."""
        if one.tag in SILENT or is_note_mark(one):
            return False
        if one.tag not in INLINE and one.tag != "br":
            self._flush()
        if one is self._plan.main:
            self._is_read = True
        if one in self._plan.left_out:
            self._leave_out(one)
        elif one.tag == "table" and has_data(one):
            self._take_table(one)
        elif one.tag == "pre":
            self._take_preformatted(one)
        elif one.tag not in _HEADINGS or not self._take_heading(one):
            self._open(one)
            return True
        return False

    def _open(self, one: Element) -> None:
        named = one.get("id") or (one.get("name") if one.tag == "a" else None)
        if named and one.tag in _MAY_BE_ANCHORS:
            self._anchor = named
        self._lists.start(one)
        if one.tag == "br":
            self._written.append("\n")
        self._write(one.text)

    def _end(self, one: Element) -> None:
        if one.tag not in INLINE and one.tag != "br":
            self._flush()
        self._lists.end(one)
        if one is self._plan.main:
            self._is_read = False

    def _write(self, text: str | None) -> None:
        if text:
            self._written.append(re.sub(r"\s+", " ", text))

    def _flush(self) -> None:
        """End a paragraph or a list item. Two line breaks in a row end one as well."""
        texts = re.split(r"\n\s*\n", "".join(self._written))
        self._written.clear()
        for text in filter(None, map(on_one_line, texts)):
            marker = self._lists.take_marker()
            self._add(Block(BlockKind.ITEM if marker else BlockKind.PARAGRAPH, text, marker=marker))

    def _add(self, block: Block) -> None:
        if not block.text.strip():
            return
        self._anchor = None
        if self._is_read:
            self.found.append(block)
        else:
            self._drop(block.text)

    def _drop(self, text: str) -> None:
        if text and len(self.dropped) < _MOST_DROPPED:
            short = text if len(text) <= _LONGEST_DROPPED else text[: _LONGEST_DROPPED - 1] + "…"
            self.dropped[short] = None

    def _leave_out(self, one: Element) -> None:
        self._drop(flat(one, most=2 * _LONGEST_DROPPED))
        if one.tag == "header" or one.get("role") == "banner":
            self.titles += filter(None, map(flat, one.iter("h1")))

    def _take_heading(self, one: Element) -> bool:
        """Whether it is one: an element that was never closed holds the rest of the page."""
        text = flat(one, self._plan.left_out)
        if len(text.split()) > _LONGEST_HEADING:
            return False
        inner = (link.get("id") or link.get("name") for link in one.iter("a", "span"))
        anchor = one.get("id") or next(filter(None, inner), None) or self._anchor
        if one.tag == "h1" and not self._is_read and text:
            self.titles.append(text)
        self._add(Block(BlockKind.HEADING, text, level=_HEADINGS[one.tag], anchor=anchor))
        return True

    def _take_table(self, table: Element) -> None:
        for caption in table.iterfind("caption"):
            self._add(Block(BlockKind.PARAGRAPH, flat(caption, self._plan.left_out)))
        for line in lines_of(table, self._plan.left_out):
            self._add(Block(BlockKind.TABLE_ROW, line))

    def _take_preformatted(self, one: Element) -> None:
        text = normalise("".join(one.itertext())).strip("\n")
        if not self._plan.in_code:
            self._add(Block(BlockKind.CODE, text))
            return
        for part in re.split(r"\n\s*\n", text):
            self._add(Block(BlockKind.PARAGRAPH, on_one_line(part)))
