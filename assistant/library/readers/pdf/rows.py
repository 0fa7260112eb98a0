"""Pieces of text to rows of segments: what stands on one baseline, parted at wide gaps."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library.blocks import on_one_line
from assistant.library.readers.pdf.painting import Piece

_SAME_ROW = 0.25  # of the font size: pieces whose baselines differ by less stand in one row
_SPACE = 0.16  # of the font size: a wider gap parts words
_WIDE = 0.9  # of the font size: a wider gap may part columns or cells
_AFTER_MARKER = 4.0  # of the font size: how far a list item's text may stand from its marker
_MARKER = re.compile(
    r"[•◦▪▫‣●○■□►➢✓✔·∙⁃*–—-]|o|\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|[A-Za-z][.)]|[ivx]{1,5}[.)]"
    r"|\([A-Za-z\d]{1,3}\)"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one row without a wide gap. `text_x0` is where it begins after a list marker."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int
    text_x0: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Everything on one baseline of a page, from left to right."""

    y: float
    segments: tuple[Segment, ...]
    turned: int = 0
    running: bool = False

    @property
    def text(self) -> str:
        """The whole row, clean."""
        return on_one_line(" ".join(segment.text for segment in self.segments))

    @property
    def size(self) -> float:
        """The largest font size in it."""
        return max(segment.size for segment in self.segments)


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """The rows of a page, from its top; text that is turned in another way comes last."""
    if not pieces:
        return []
    turns = Counter[int]()
    for piece in pieces:
        turns[piece.turned] += len(piece.text)
    main = turns.most_common(1)[0][0]
    numbered: dict[int, list[tuple[int, Piece]]] = {turn: [] for turn in (main, *sorted(turns))}
    shown = set()
    for order, piece in enumerate(pieces):
        # Some programs make letters bold by showing them twice.
        place = (piece.text, round(piece.x0), round(piece.y), piece.turned)
        if place not in shown:
            shown.add(place)
            numbered[piece.turned].append((order, piece))
    return [
        row for turn, group in numbered.items() for row in _rows(group, turn if turn != main else 0)
    ]


def _rows(group: list[tuple[int, Piece]], turned: int) -> list[Row]:
    rows: list[list[tuple[int, Piece]]] = []
    for order, piece in sorted(group, key=lambda numbered: (-numbered[1].y, numbered[1].x0)):
        if rows:
            first = rows[-1][0][1]
            if first.y - piece.y <= _SAME_ROW * max(first.size, piece.size):
                rows[-1].append((order, piece))
                continue
        rows.append([(order, piece)])
    merged: list[list[tuple[int, Piece]]] = []
    for row in rows:
        if merged and (_is_raised(merged[-1], row) or _is_raised(row, merged[-1])):
            # The larger one leads: its baseline is the row's.
            larger, smaller = merged[-1], row
            if larger[0][1].size < smaller[0][1].size:
                larger, smaller = smaller, larger
            merged[-1] = larger + smaller
        else:
            merged.append(row)
    return [_row(row, turned) for row in merged]


def _is_raised(small: list[tuple[int, Piece]], large: list[tuple[int, Piece]]) -> bool:
    """Whether a row is only the raised or lowered figures of another."""
    size = max(piece.size for _, piece in large)
    return all(
        piece.size < 0.9 * size
        and abs(piece.y - large[0][1].y) < 0.6 * size
        and any(
            min(abs(piece.x0 - other.x1), abs(piece.x1 - other.x0)) < 0.5 * size
            for _, other in large
        )
        for _, piece in small
    )


def _row(numbered: list[tuple[int, Piece]], turned: int) -> Row:
    segments: list[Segment] = []
    first = numbered[0][1]
    texts: list[str] = []
    x0 = x1 = y = 0.0
    size, bold, order = 0.0, True, 0
    text_x0: float | None = None

    def close() -> None:
        if texts:
            segments.append(Segment("".join(texts), x0, x1, y, size, bold, order, text_x0))

    for number, piece in sorted(numbered, key=lambda numbered: numbered[1].x0):
        gap = piece.x0 - x1
        largest = max(size, piece.size)
        if texts and gap > _WIDE * largest:
            is_marker = not segments and _MARKER.fullmatch("".join(texts).strip()) is not None
            if not (is_marker and gap < _AFTER_MARKER * largest):
                close()
                texts, text_x0 = [], None
        if not texts:
            x0, x1, y, size = piece.x0, piece.x1, piece.y, piece.size
            if not segments and _MARKER.fullmatch(piece.text.strip()):
                # Fonts of bullets seldom say how wide these are.
                x1 = min(x1, x0 + 0.7 * size * len(piece.text.strip()))
            bold, order = piece.bold, number
            texts.append(piece.text)
            continue
        if not segments and text_x0 is None and gap > _SPACE * largest:
            so_far = "".join(texts).strip()
            text_x0 = piece.x0 if _MARKER.fullmatch(so_far) else None
        if gap > _SPACE * largest and texts[-1][-1] != " " and piece.text[0] != " ":
            texts.append(" ")
        texts.append(piece.text)
        y = piece.y if piece.size > size else y
        x1, size, order = max(x1, piece.x1), largest, min(order, number)
        bold = bold and piece.bold
    close()
    running = all(piece.running for _, piece in numbered)
    return Row(first.y, tuple(segments), turned, running)
