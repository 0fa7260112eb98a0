"""Rows of a page to lines in reading order.

It goes by places alone, and by the order of painting where places allow two readings.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.library.readers.pdf.joining import on_one_row
from assistant.library.readers.pdf.painting import Rule
from assistant.library.readers.pdf.rows import Row, Segment
from assistant.library.readers.pdf.tables import (
    ALIGNED,
    Grid,
    begins_band,
    cell,
    grids_of,
    merged_spans,
    table_end,
    table_rows,
)

_MOST_RULES = 3_000
_MOST_GRIDS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column. `left` and `right` are the edges of its column, `flow` numbers the
    columns of a page; a line with `cells` is a whole row of a table, each cell with its lines."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    page: int
    flow: int
    left: float
    right: float
    text_x0: float | None = None
    cells: tuple[tuple[str, ...], ...] = ()


class Reading:
    """Brings the rows of one page into reading order.

    `unsure` is whether two readings are possible.
    """

    def __init__(self, rows: Sequence[Row], rules: Sequence[Rule], page: int) -> None:
        # More lines than that are a drawing.
        self._rules = sorted(rules, key=lambda r: -r.y) if len(rules) <= _MOST_RULES else []
        self._grids = grids_of(self._rules)[:_MOST_GRIDS]
        self._page = page
        self._flow = 0
        self.unsure = False
        upright = [row for row in rows if not row.turned]
        self.lines = self._read(upright, 4)
        for row in rows:
            if row.turned:
                self.lines += self._column([row])

    def _read(self, rows: list[Row], depth: int) -> list[Line]:
        """Ruled tables first, since what stands in them looks like columns."""
        for grid in self._grids:
            first = next((n for n, row in enumerate(rows) if row.y < grid.top), len(rows))
            last = next((n for n, row in enumerate(rows) if row.y < grid.bottom), len(rows))
            if last - first > 1 and (table := self._table(rows[first:last], grid)):
                return [
                    *self._read(rows[:first], depth), *table, *self._read(rows[last:], depth)
                ]  # fmt: skip
        return self._read_columns(rows, depth)

    def _table(self, rows: Sequence[Row], grid: Grid) -> list[Line]:
        """The rows of a ruled table, or nothing if it has no columns or something is beside it."""
        spans = merged_spans(rows)
        outside = spans[0][0] < grid.x0 - 6 or spans[-1][1] > grid.x1 + 6
        if len(spans) < 2 or outside:
            return []
        self._flow += 1
        groups: list[list[Row]] = []
        for row in rows:
            if not groups or begins_band(groups[-1], row, spans, grid.levels):
                groups.append([row])
            else:
                groups[-1].append(row)
        return [self._table_line(group, spans) for group in groups]

    def _table_line(self, group: Sequence[Row], spans: Sequence[tuple[float, float]]) -> Line:
        segments = [segment for row in group for segment in row.segments]
        whole = replace(group[0], segments=tuple(sorted(segments, key=lambda s: s.x0)))
        cells: dict[int, list[str]] = {}
        for segment in segments:
            cells.setdefault(cell(segment, spans), []).append(on_one_row(segment.text))
        line = self._line(whole, spans[0][0], spans[-1][1])
        return replace(line, cells=tuple(tuple(cells[n]) for n in sorted(cells)))

    def _read_columns(self, rows: list[Row], depth: int) -> list[Line]:
        found = self._columns(rows) if depth else None
        if found is None:
            return self._column(rows)
        first, last, gutter = found
        left, right = _sides(rows[first:last], gutter)
        return [
            *self._read(rows[:first], depth - 1),
            *self._read(left, depth - 1),
            *self._read(right, depth - 1),
            *self._read(rows[last:], depth - 1),
        ]

    def _columns(self, rows: list[Row]) -> tuple[int, int, float] | None:
        """The rows that stand in columns, as a range, and where the right column begins."""
        best: tuple[int, int, float] | None = None
        for gutter in _gutters(rows):
            for first, last in _runs(rows, gutter):
                first, last = self._trimmed(rows, first, last, gutter)
                longer = best is None or last - first > best[1] - best[0]
                if longer and self._are_columns(rows[first:last], gutter):
                    best = (first, last, gutter)
        return best

    def _trimmed(self, rows: list[Row], first: int, last: int, gutter: float) -> tuple[int, int]:
        """Leave to the text around what stands above and below the columns, on the left only."""
        right = [n for n in range(first, last) if rows[n].segments[-1].x0 >= gutter - ALIGNED]
        if not right:
            return first, last
        drawn = max(rows[n].segments[-1].order for n in right)
        for n in range(right[-1] + 1, last):
            apart = rows[n - 1].y - rows[n].y > 1.8 * rows[n].size
            if rows[n].segments[0].order > drawn and apart:
                return first, n
        return first, last

    def _are_columns(self, rows: list[Row], gutter: float) -> bool:
        """Whether what stands beside each other is two columns of text, and no table."""
        left, right = _sides(rows, gutter)
        if len(left) < 3 or len(right) < 3 or self._ruled(rows, gutter):
            return False
        sides = [[segment for row in side for segment in row.segments] for side in (left, right)]
        words = [sum(len(s.text.split()) for s in side) / len(side) for side in sides]
        paired = sum(
            1 for row in rows
            if row.segments[0].x0 < gutter - ALIGNED <= row.segments[-1].x0
        )  # fmt: skip
        order = sorted((s.order, n) for n, side in enumerate(sides) for s in side)
        returns = sum(1 for (_, a), (_, b) in pairwise(order) if a > b)
        if returns == 0:
            return min(words) >= 1.5
        if min(words) < 2.5:
            return False
        goes_on = min(_share_going_on(side) for side in sides)
        if returns >= 0.5 * paired - 1:
            is_text = goes_on >= 0.35 and min(map(_share_full, sides)) >= 0.5
            if not is_text and goes_on >= 0.2 and paired >= 5:
                self.unsure = True
            return is_text
        # Drawn in blocks: whole columns one after another, or cells of a table.
        return len(left) / (returns + 1) >= 5 and goes_on >= 0.35

    def _ruled(self, rows: list[Row], gutter: float) -> bool:
        """Whether lines that cross the gutter part the rows."""
        heights = {
            round(rule.y)
            for rule in self._rules
            if rule.x0 < gutter - 12 < gutter + 12 < rule.x1 and rows[-1].y < rule.y < rows[0].y
        }
        joined = self._joined_rules(gutter, rows)
        return len(heights) >= 2 or joined >= 2

    def _joined_rules(self, gutter: float, rows: list[Row]) -> int:
        """How many lines on both sides of the gutter meet there, as borders of cells do."""
        ends = {
            round(rule.y)
            for rule in self._rules
            if rule.x0 < gutter - 20 and abs(rule.x1 - gutter) < 12
        }
        begins = {
            round(rule.y)
            for rule in self._rules
            if abs(rule.x0 - gutter) < 12 and rule.x1 > gutter + 20
        }
        return sum(1 for y in ends & begins if rows[-1].y < y < rows[0].y)

    def _column(self, rows: list[Row]) -> list[Line]:
        """The lines of one column, with the rows of tables in it."""
        if not rows:
            return []
        self._flow += 1
        left = min(row.segments[0].x0 for row in rows)
        right = max(row.segments[-1].x1 for row in rows)
        lines: list[Line] = []
        n = 0
        while n < len(rows):
            end = table_end(rows, n, self._rules)
            if end > n:
                spans, groups = table_rows(rows[n:end], self._rules)
                lines += [self._table_line(group, spans) for group in groups]
                n = end
            else:
                lines.append(self._line(rows[n], left, right))
                n += 1
        return lines

    def _line(self, row: Row, left: float, right: float) -> Line:
        segments = row.segments
        return Line(
            text=on_one_row(" ".join(segment.text for segment in segments)),
            x0=segments[0].x0,
            x1=segments[-1].x1,
            y=row.y,
            size=max(segment.size for segment in segments),
            bold=all(segment.bold for segment in segments),
            page=self._page,
            flow=self._flow,
            left=left,
            right=right,
            text_x0=segments[0].text_x0,
        )


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Where a right column may begin: many segments begin there, and none at the far left."""
    begins = [segment.x0 for row in rows for segment in row.segments]
    if len(begins) < 6:
        return []
    left = min(begins)
    right = max(segment.x1 for row in rows for segment in row.segments)
    counts = Counter(round(x / ALIGNED) for x in begins if x > left + 0.2 * (right - left))
    common = [place for place, count in counts.most_common(6) if count >= 3]
    return [min(x for x in begins if abs(round(x / ALIGNED) - place) <= 1) for place in common]


def _runs(rows: Sequence[Row], gutter: float) -> list[tuple[int, int]]:
    """The longest ranges of rows in which nothing crosses the gutter."""
    runs: list[tuple[int, int]] = []
    start = 0
    for n, row in enumerate([*rows, None]):
        if row is None or any(_crosses(segment, gutter) for segment in row.segments):
            if n - start >= 3:
                runs.append((start, n))
            start = n + 1
    return runs


def _crosses(segment: Segment, gutter: float) -> bool:
    return segment.x0 < gutter - ALIGNED and segment.x1 > gutter - 0.5 * segment.size


def _sides(rows: Sequence[Row], gutter: float) -> tuple[list[Row], list[Row]]:
    """What stands left and right of a gutter."""
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        before = tuple(s for s in row.segments if s.x0 < gutter - ALIGNED)
        after = row.segments[len(before) :]
        if before:
            left.append(replace(row, y=before[0].y, segments=before))
        if after:
            right.append(replace(row, y=after[0].y, segments=after))
    return left, right


def _share_going_on(segments: Sequence[Segment]) -> float:
    """How many of the lines go on with a sentence of the line before."""
    going_on = sum(1 for segment in segments[1:] if segment.text.lstrip()[:1].islower())
    return going_on / max(1, len(segments) - 1)


def _share_full(segments: Sequence[Segment]) -> float:
    """How many of the lines fill their column."""
    left, right = min(s.x0 for s in segments), max(s.x1 for s in segments)
    full = sum(1 for s in segments if s.x1 - left >= 0.7 * (right - left))
    return full / len(segments)
