"""Tables: which rows belong to one, where its columns are and which lines make a row of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.library.readers.pdf.painting import Rule
from assistant.library.readers.pdf.rows import Row, Segment

ALIGNED = 3.0  # 1/72 inch by which things that stand below each other may be off


def table_end(rows: Sequence[Row], start: int, rules: Sequence[Rule]) -> int:
    """Behind the last row of a table that begins at `start`; `start` itself if there is none."""
    if len(rows[start].segments) < 2:
        return start
    edges = _edges(rows[start])
    celled, end, celled_row = 1, start + 1, rows[start]
    for n in range(start + 1, len(rows)):
        row = rows[n]
        apart = rows[n - 1].y - row.y
        if apart > 3.5 * row.size:
            parted = any(row.y < rule.y < rows[n - 1].y for rule in rules)
            if not parted or apart > 10 * row.size:
                break
        if len(row.segments) > 1:
            below = _stand_below(celled_row, row)
            if not below and not any(_meet(edge, edges) for edge in _edges(row)):
                break
            edges |= _edges(row)
            celled, end, celled_row = celled + 1, n + 1, row
        elif any(abs(row.segments[0].x0 - edge[1]) <= ALIGNED for edge in edges if edge[0] == "l"):
            end = n + 1
        elif row.segments[0].x1 > min(edge[1] for edge in edges if edge[0] == "l") - ALIGNED:
            break
    return end if celled > 1 else start


def _stand_below(above: Row, row: Row) -> bool:
    """Whether each of three segments or more stands below one, as figures below their heads do."""
    pairs = list(zip(above.segments, row.segments, strict=False))
    same = len(above.segments) == len(row.segments) > 2
    return same and all(b.x0 < a.x1 and a.x0 < b.x1 for a, b in pairs)


def _edges(row: Row) -> set[tuple[str, float]]:
    """Where cells but the first begin, end and have their middle."""
    return {
        edge
        for s in row.segments[1:]
        for edge in (("l", s.x0), ("r", s.x1), ("m", (s.x0 + s.x1) / 2))
    }


def _meet(edge: tuple[str, float], edges: set[tuple[str, float]]) -> bool:
    return any(kind == edge[0] and abs(place - edge[1]) <= ALIGNED for kind, place in edges)


def table_rows(
    rows: Sequence[Row], rules: Sequence[Rule]
) -> tuple[list[tuple[float, float]], list[list[Row]]]:
    """Where the columns of a table are, and the lines of each of its rows."""
    most = max(len(row.segments) for row in rows)
    model = [row for row in rows if len(row.segments) == most]
    spans = [
        (min(row.segments[n].x0 for row in model), max(row.segments[n].x1 for row in model))
        for n in range(most)
    ]
    parting = [
        rule.y
        for rule in rules
        if rule.x0 <= spans[-1][1] and rule.x1 >= spans[0][0] and rows[-1].y < rule.y < rows[0].y
    ]
    groups: list[list[Row]] = []
    for row in rows:
        if not groups or _begins_row(groups[-1], row, spans, parting):
            groups.append([row])
        else:
            groups[-1].append(row)
    return spans, groups


def _begins_row(
    group: Sequence[Row], row: Row, spans: Sequence[tuple[float, float]], parting: Sequence[float]
) -> bool:
    if parting:
        return any(row.y < y < group[-1].y for y in parting)
    first = row.segments[0]
    if cell(first, spans) > 0:
        return False
    others = [s.order for above in group for s in above.segments if cell(s, spans) > 0]
    return not others or first.order > max(others)


def cell(segment: Segment, spans: Sequence[tuple[float, float]]) -> int:
    """The number of the column that a segment shares most with, or is next to."""

    def shared(n: int) -> float:
        return min(segment.x1, spans[n][1]) - max(segment.x0, spans[n][0])

    return max(range(len(spans)), key=shared)


@dataclass(frozen=True, slots=True)
class Grid:
    """The frame of a table: the heights of its lines from the top, and how far they reach."""

    levels: tuple[float, ...]
    x0: float
    x1: float

    @property
    def top(self) -> float:
        """The height of its first line."""
        return self.levels[0]

    @property
    def bottom(self) -> float:
        """The height of its last line."""
        return self.levels[-1]


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """The frames of three lines and more that reach equally far."""
    levels: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: -rule.y):
        if levels and levels[-1].y - rule.y < 3:
            last = levels[-1]
            levels[-1] = Rule(last.y, min(last.x0, rule.x0), max(last.x1, rule.x1))
        else:
            levels.append(rule)
    groups: list[list[Rule]] = []
    for level in levels:
        above = groups[-1][-1] if groups else None
        if above and abs(above.x0 - level.x0) < 6 and abs(above.x1 - level.x1) < 6:
            groups[-1].append(level)
        else:
            groups.append([level])
    return [
        Grid(tuple(level.y for level in group), group[0].x0, group[0].x1)
        for group in groups
        if len(group) > 2
    ]


def merged_spans(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The widths that segments cover together, from left to right."""
    spans: list[tuple[float, float]] = []
    for x0, x1 in sorted((s.x0, s.x1) for row in rows for s in row.segments):
        if spans and x0 <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def begins_band(
    group: Sequence[Row], row: Row, spans: Sequence[tuple[float, float]], levels: Sequence[float]
) -> bool:
    """Whether a row stands below a line that the rows before it stand above, or is whole as they
    are: some tables have lines only around their head and their body."""
    if any(row.y < level < group[-1].y for level in levels):
        return True
    whole = len(row.segments) == len(spans) == len(group[-1].segments)
    return (len(levels) == 3 or whole) and _begins_row(group, row, spans, ())
