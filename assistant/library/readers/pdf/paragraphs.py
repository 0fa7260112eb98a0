"""Lines in reading order to blocks: headings, paragraphs, list items and rows of tables."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.library.blocks import Block, BlockKind
from assistant.library.readers.pdf.joining import Compounds, joined_lines, on_one_row
from assistant.library.readers.pdf.layout import Line

_LONGEST_HEADING = 25  # words
_LARGER = 1.12  # times the size of the body's letters: what is larger is a heading
_SMALLER = 0.93  # what is smaller, at the end of a page, is a footnote
_NEW_PARAGRAPH = 1.18  # times the distance of lines
_BULLET = re.compile(r"(?:[•◦▪▫‣●○■□►➢✓✔·∙⁃*–—-]|o(?= [^\Wa-z]| \w+ing\b))\s+(?=\S)")
_ROUND_BULLET = re.compile(r"[•◦▪▫‣●○■□►➢✓✔∙⁃]")
_NUMBER = re.compile(r"(?:(\d{1,2})[.)]|[a-z][.)]|[ivx]{1,5}[.)]|\([a-z\d]{1,3}\))\s+(?=\S)")
_ENDS = re.compile(r"[.?!:;][”’\"')\]]*\d{0,3}$")
_ENDS_SENTENCE = re.compile(r"[.?!][”’\"')\]]*\d{0,3}$")
_CONTENTS = re.compile(r".*(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,8})")
_SECTION_NUMBER = re.compile(r"(?:\d{1,2}\.)*\d{0,2}\.?\s+")


@dataclass(frozen=True)
class Bookmark:
    """An entry of the outline: its depth from 0, and its page if that is known."""

    text: str
    depth: int
    page: int | None


@dataclass(frozen=True)
class Style:
    """What is usual in a document: the size of its letters and how far its lines are apart."""

    size: float
    bold: bool
    leadings: Mapping[float, float]
    rights: Mapping[int, float]

    def leading(self, size: float) -> float:
        """The distance of lines of that size within a paragraph."""
        return self.leadings.get(_half(size), size * 1.2)


@dataclass
class _Group:
    """Lines that are one block."""

    lines: list[Line]
    kind: BlockKind
    marker: str = ""
    text_x0: float = 0.0


def style_of(lines: Sequence[Line]) -> Style:
    """What is usual in these lines."""
    sizes: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        sizes[_half(line.size), line.bold] += len(line.text)
    (size, bold), _ = sizes.most_common(1)[0] if sizes else ((11.0, False), 0)
    return Style(size, bold, _leadings(lines), _rights(lines))


def blocks_of(
    lines: Sequence[Line], style: Style, bookmarks: Sequence[Bookmark], title: str | None
) -> tuple[list[Block], list[str]]:
    """The blocks of a document, and the lines of its table of contents, which are left out."""
    contents = [line.text for line in lines if _CONTENTS.fullmatch(line.text)]
    if len(contents) < 3:
        contents = []
    listed = set(contents)
    kept = [line for line in lines if line.text not in listed]
    marked = _Bookmarks(bookmarks)
    groups = _groups(kept, style, marked)
    levels = _Levels(groups, style, marked, title)
    compounds = Compounds(
        [text for line in lines for cell in line.cells or ((line.text,),) for text in cell]
    )
    blocks = [_block(group, levels, compounds) for group in groups]
    return [block for block in blocks if block.text], contents


class _Bookmarks:
    """Finds the entry of the outline that a heading is."""

    def __init__(self, bookmarks: Sequence[Bookmark]) -> None:
        self._entries: dict[str, list[Bookmark]] = {}
        for bookmark in bookmarks:
            for key in {_key(bookmark.text), _key(_SECTION_NUMBER.sub("", bookmark.text))}:
                self._entries.setdefault(key, []).append(bookmark)
        self.roots = [bookmark for bookmark in bookmarks if bookmark.depth == 0]

    def find(self, text: str, page: int) -> Bookmark | None:
        """The entry with the text of a heading on that page or one beside it."""
        if len(text) > 300:
            return None
        for key in (_key(text), _key(_SECTION_NUMBER.sub("", text))):
            for entry in self._entries.get(key, ()):
                if key and (entry.page is None or abs(entry.page - page) <= 1):
                    return entry
        return None


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _half(size: float) -> float:
    return round(size * 2) / 2


def _leadings(lines: Sequence[Line]) -> dict[float, float]:
    """For each size, the smallest distance of lines that is common."""
    distances: dict[float, Counter[float]] = {}
    for above, line in pairwise(lines):
        one = (above.page, above.flow, _half(above.size))
        if one == (line.page, line.flow, _half(line.size)) and above.y > line.y:
            distances.setdefault(_half(line.size), Counter())[_half(above.y - line.y)] += 1
    found = {}
    for size, counts in distances.items():
        common = [
            gap for gap, n in counts.items() if n >= 0.15 * counts.total() and gap > 0.8 * size
        ]
        if common:
            found[size] = min(min(common), 2.4 * size)
    return found


def _rights(lines: Sequence[Line]) -> dict[int, float]:
    """The right edges of columns with many lines, by the place of their left edges."""
    most: dict[int, Counter[float]] = {}
    columns: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        columns.setdefault((line.page, line.flow), []).append(line)
    for column in columns.values():
        if len(column) > 7:
            first = column[0]
            most.setdefault(round(first.left / 9), Counter())[first.right] += len(column)
    return {left: min(rights) for left, rights in most.items()}


def _groups(lines: Sequence[Line], style: Style, marked: _Bookmarks) -> list[_Group]:
    """The lines of each block. A paragraph that runs on behind footnotes is taken together."""
    groups: list[_Group] = []
    waiting: list[_Group] = []  # footnotes below a paragraph that may go on
    notes = _footnotes(lines, style)
    for n, line in enumerate(lines):
        target = waiting if n in notes else groups
        if groups and n not in notes and waiting and not _goes_on(groups[-1], line, style, marked):
            groups += waiting
            waiting = []
        target = waiting if n in notes else groups
        if target and _goes_on(target[-1], line, style, marked):
            target[-1].lines.append(line)
        else:
            target.append(_begun(line, target[-1] if target else None, style, marked))
    return groups + waiting


def _footnotes(lines: Sequence[Line], style: Style) -> set[int]:
    """The lines of small letters at the end of pages."""
    found: set[int] = set()
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n]
        ends_page = n + 1 == len(lines) or lines[n + 1].page != line.page or n + 1 in found
        if ends_page and not line.cells and line.size < _SMALLER * style.size:
            found.add(n)
    return found


def _begun(line: Line, previous: _Group | None, style: Style, marked: _Bookmarks) -> _Group:
    if line.cells:
        return _Group([line], BlockKind.TABLE_ROW)
    if _is_heading(line, style, marked):
        return _Group([line], BlockKind.HEADING)
    if marker := _marker(line, previous, style):
        share = len(marker) / len(line.text)
        text_x0 = line.text_x0 or line.x0 + share * (line.x1 - line.x0)
        return _Group([line], BlockKind.ITEM, marker, text_x0)
    return _Group([line], BlockKind.PARAGRAPH)


def _marker(line: Line, previous: _Group | None, style: Style) -> str:
    """The list marker with which a line begins, with the space after it, or nothing."""
    match = _BULLET.match(line.text) or _NUMBER.match(line.text)
    if not match:
        return ""
    if _ROUND_BULLET.match(line.text) or line.text_x0 is not None or previous is None:
        return match[0]
    last = previous.lines[-1]
    apart = previous.kind is not BlockKind.PARAGRAPH or _ENDS.search(last.text) is not None
    return match[0] if apart or _gap(last, line, style) else ""


def _is_heading(line: Line, style: Style, marked: _Bookmarks) -> bool:
    words = len(line.text.split())
    if words > _LONGEST_HEADING or not re.search(r"[^\W\d_]", line.text):
        return False
    if marked.find(line.text, line.page):
        return True
    if _ROUND_BULLET.match(line.text):
        return False
    if line.size >= _LARGER * style.size:
        return not (line.text.endswith((".", ",", ";")) and words > 3)
    bold = line.bold and not style.bold and line.size >= _SMALLER * style.size
    return bold and not line.text.endswith((".", ",", ";", ":"))


def _goes_on(group: _Group, line: Line, style: Style, marked: _Bookmarks) -> bool:
    """Whether a line belongs to the block of the lines before it."""
    last = group.lines[-1]
    if line.cells or last.cells:
        return False
    if group.kind is BlockKind.HEADING:
        return _heading_goes_on(group, line, style, marked)
    if abs(line.size - last.size) > 0.08 * style.size and not _mixed(last, line):
        return False
    if _is_heading(line, style, marked) and not _bold_within(group, line, style):
        return False
    if _marker(line, group, style):
        return False
    if (last.page, last.flow) != (line.page, line.flow):
        return _runs_over(group, last, line, style)
    if _gap(last, line, style):
        return False
    return not _begins_anew(group, last, line, style)


def _mixed(last: Line, line: Line) -> bool:
    """Whether a line with some larger letters stands in the middle of a sentence."""
    return not _ENDS.search(last.text) and line.text[:1].islower()


def _bold_within(group: _Group, line: Line, style: Style) -> bool:
    """Whether a bold line is only the part of a paragraph that is stressed."""
    last = group.lines[-1]
    return (
        line.size < _LARGER * style.size
        and not _gap(last, line, style)
        and not _fits(last, line, style)
        and not _ENDS.search(last.text)
    )


def _heading_goes_on(group: _Group, line: Line, style: Style, marked: _Bookmarks) -> bool:
    last = group.lines[-1]
    same = (
        (last.page, last.flow, last.bold) == (line.page, line.flow, line.bold)
        and abs(last.size - line.size) < 0.6
        and 0 < last.y - line.y <= 1.7 * line.size
    )
    if not same or len(group.lines) > 4:
        return False
    whole = " ".join(part.text for part in group.lines)
    if marked.find(f"{whole} {line.text}", line.page):
        return True
    if marked.find(whole, last.page):
        return False
    larger = line.size >= _LARGER * style.size
    return larger or (line.bold and not style.bold and not _fits(last, line, style))


def _gap(last: Line, line: Line, style: Style) -> bool:
    """Whether two lines are further apart than lines of one paragraph."""
    if (last.page, last.flow) != (line.page, line.flow):
        return True
    distance = last.y - line.y
    return distance < 0 or distance > _NEW_PARAGRAPH * style.leading(line.size) + 0.3


def _fits(last: Line, line: Line, style: Style) -> bool:
    """Whether the first word of a line had found room on the line before it, and more where that
    does not end as sentences do: widths are estimates."""
    ended = _ENDS.search(last.text) is not None
    word = line.text.split(" ", 1)[0]
    capitals = sum(1 for letter in word if letter.isupper())
    letter = (line.x1 - line.x0) / max(1, len(line.text))
    width = letter * (1.1 * len(word) + 0.6 * capitals)
    right = max(last.right, style.rights.get(round(last.left / 9), 0.0))
    return last.x1 + width + 0.6 * last.size + (0 if ended else 4 * last.size) < right


def _begins_anew(group: _Group, last: Line, line: Line, style: Style) -> bool:
    """Whether a line begins a paragraph, in the same column and without a gap."""
    indent = line.x0 - last.x0
    ended = _ENDS.search(last.text) is not None
    starts_low = line.text[:1].islower()
    if group.kind is BlockKind.ITEM:
        if line.x0 < group.text_x0 - 0.6 * line.size:
            outdented = line.x0 < group.lines[0].x0 - 0.6 * line.size
            return (outdented and not starts_low) or (
                _fits(last, line, style) and (ended or not starts_low)
            )
        return ended and _fits(last, line, style) and not starts_low
    if _fits(last, line, style) and not starts_low:
        return True
    first_line = len(group.lines) == 1
    return indent > 0.8 * line.size and ended and not (first_line and indent > 8 * line.size)


def _runs_over(group: _Group, last: Line, line: Line, style: Style) -> bool:
    """Whether a block goes on in the next column or on the next page."""
    if line.page - last.page > 1 or abs(line.size - last.size) > 0.6:
        return False
    if _ENDS_SENTENCE.search(last.text) or _fits(last, line, style):
        return line.text[:1].islower() and not _ENDS_SENTENCE.search(last.text)
    return not (line.text[:1].isupper() and last.text.endswith(":"))


class _Levels:
    """The levels of headings: from the outline where it has them, else from their styles."""

    def __init__(
        self, groups: Sequence[_Group], style: Style, marked: _Bookmarks, title: str | None
    ) -> None:
        self._marked = marked
        headings = [group for group in groups if group.kind is BlockKind.HEADING]
        self._title = _title_of(headings, style, title)
        rest = [group for group in headings if group is not self._title]
        title_entry = self._entry(self._title) if self._title else None
        alone = title_entry is not None and marked.roots == [title_entry]
        self._first = 1 if alone else 2
        learned: dict[tuple[float, bool], Counter[int]] = {}
        for group in rest:
            if entry := self._entry(group):
                learned.setdefault(_look(group), Counter())[entry.depth + self._first] += 1
        looks = sorted({_look(group) for group in rest}, reverse=True)
        self._of_look: dict[tuple[float, bool], int] = {}
        level = 1
        for look in looks:
            if look in learned:
                level = max(2, learned[look].most_common(1)[0][0])
            else:
                level += 1
            self._of_look[look] = min(level, 6)

    def level(self, group: _Group) -> int:
        """The level of a heading, 1 for the title."""
        if group is self._title:
            return 1
        entry = self._entry(group)
        if entry:
            return min(6, max(2, entry.depth + self._first))
        return self._of_look[_look(group)]

    def _entry(self, group: _Group) -> Bookmark | None:
        return self._marked.find(_heading_text(group), group.lines[0].page)


def _heading_text(group: _Group) -> str:
    return " ".join(line.text for line in group.lines)


def _look(group: _Group) -> tuple[float, bool]:
    return max(_half(line.size) for line in group.lines), group.lines[0].bold


def _title_of(headings: Sequence[_Group], style: Style, title: str | None) -> _Group | None:
    """The heading on the first page that is the document's title."""
    if not headings:
        return None
    page = headings[0].lines[0].page
    early = [group for group in headings if group.lines[0].page <= min(page, 2)]
    if not early:
        return None
    if title:
        for group in early:
            if _key(_heading_text(group)) == _key(title):
                return group
    largest = max(early, key=_look)
    return largest if _look(largest)[0] >= 1.3 * style.size else None


def _block(group: _Group, levels: _Levels, compounds: Compounds) -> Block:
    if cells := group.lines[0].cells:
        joined = (joined_lines(cell, compounds)[0] for cell in cells)
        pages_of_row = ((0, group.lines[0].page),)
        return Block(group.kind, " | ".join(filter(None, joined)), pages=pages_of_row)
    texts = [line.text for line in group.lines]
    texts[0] = texts[0][len(group.marker) :]
    text, starts = joined_lines(texts, compounds)
    text = on_one_row(text)
    pages: list[tuple[int, int]] = []
    for line, start in zip(group.lines, starts, strict=True):
        if (not pages or pages[-1][1] != line.page) and start < len(text):
            pages.append((start, line.page))
    level = levels.level(group) if group.kind is BlockKind.HEADING else 0
    return Block(group.kind, text, level, _clean(group.marker), None, tuple(pages))


def _clean(marker: str) -> str:
    """A marker as the library writes it: a hyphen for every bullet, "3." for a number."""
    number = re.match(r"\(?(\d+)", marker)
    if number:
        return f"{number[1]}."
    letter = re.match(r"\(?([a-z]+)[.)]", marker)
    return f"{letter[1]})" if letter else marker and "-"
