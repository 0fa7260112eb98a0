"""Heads, feet and page numbers: found because they come again, page after page."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.library.readers.pdf.rows import Row

_OUTER = 4  # rows from the top and from the bottom of a page that may be running
_NUMBER = re.compile(r"(?<![\w.,-])(?:\d{1,4}|[ivxlc]{1,8})(?![\w,-]|\.\d)")
_BARE = re.compile(
    r"(?:page|p\.)?\s*[-–—|(\[]*\s*(?:\d{1,4}|[ivxlc]{1,8})\s*[-–—|)\]]*"
    r"(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True)
class Running:
    """What runs: the places of its rows, as (page, row), and the numbers printed on pages."""

    rows: frozenset[tuple[int, int]]
    labels: dict[int, str]


def find_running(
    pages: Mapping[int, Sequence[Row]], body_size: float, told: Mapping[int, str]
) -> Running:
    """The heads and feet of pages, by their numbers in the file from 1.

    A row runs if it comes again in its place on three pages (in a short document, on two), with
    the same words or with a number that counts pages. `told` are the labels of pages in the file.
    """
    enough = 3 if len(pages) > 4 else 2
    outer = {number: _outer(rows) for number, rows in pages.items()}
    texts = {(number, n): pages[number][n].text for number, places in outer.items() for n in places}
    same: Counter[tuple[str, int]] = Counter()
    counting: dict[tuple[str, int, str, int], set[int]] = defaultdict(set)
    for (number, n), text in texts.items():
        row = pages[number][n]
        for y in _heights(row):
            same[text, y] += 1
            for kind, value, pattern in _numbers(text):
                counting[pattern, y, kind, value - number].add(number)
    runs: set[tuple[int, int]] = set()
    labels: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for (number, n), text in texts.items():
        row = pages[number][n]
        found = row.running or max(same[text, y] for y in _heights(row)) >= enough
        for kind, value, pattern in _numbers(text):
            on = max((counting[pattern, y, kind, value - number] for y in _heights(row)), key=len)
            bare = _BARE.fullmatch(text) is not None
            if len(on) >= enough or (bare and len(pages) == 1 and value == number):
                found = found or bare or row.size < 1.25 * body_size
                if found:
                    labels[kind, value - number].setdefault(number, _label(kind, value))
        if found:
            runs.add((number, n))
    heights = {y for number, n in runs for y in _heights(pages[number][n])}
    for (number, n), text in texts.items():
        row = pages[number][n]
        in_place = row.size < 1.25 * body_size and not heights.isdisjoint(_heights(row))
        if text == told.get(number) or (in_place and _shows_page(text, number, labels)):
            runs.add((number, n))
    kept = {
        (number, n)
        for number, places in outer.items()
        for n in _from_outside(places, number, runs, pages[number])
    }
    return Running(frozenset(kept), _spread(labels))


def _outer(rows: Sequence[Row]) -> list[int]:
    last = len(rows)
    turned = [n for n in range(last) if rows[n].turned]
    upright = [n for n in range(last) if not rows[n].turned]
    return sorted({*upright[:_OUTER], *upright[-_OUTER:], *turned})


def _heights(row: Row) -> tuple[int, ...]:
    """The place of a row on its page, so that one that is little off has one in common."""
    return (round(row.y / 6), round((row.y + 3) / 6) + 100_000)


def _from_outside(
    places: Sequence[int], number: int, runs: set[tuple[int, int]], rows: Sequence[Row]
) -> list[int]:
    """The rows that run and have none that does not between them and the edge of the page."""
    upright = [n for n in places if not rows[n].turned]
    turned = [n for n in places if rows[n].turned and (number, n) in runs]
    top = next((k for k, n in enumerate(upright) if (number, n) not in runs), len(upright))
    rest = upright[::-1]
    bottom = next((k for k, n in enumerate(rest) if (number, n) not in runs), len(rest))
    return [*upright[:top], *rest[:bottom], *turned]


def _numbers(text: str) -> list[tuple[str, int, str]]:
    """Each number of a short row: its kind, its value and the row's text without it."""
    if len(text) > 120:
        return []
    found = []
    for match in _NUMBER.finditer(text):
        word = match[0]
        value = int(word) if word.isdigit() else _roman(word)
        if value is not None:
            kind = "1" if word.isdigit() else "i"
            found.append((kind, value, f"{text[: match.start()]}#{text[match.end() :]}"))
    return found


def _shows_page(
    text: str, number: int, labels: Mapping[tuple[str, int], Mapping[int, str]]
) -> bool:
    """Whether a row begins or ends with what must be the number of its page."""
    return any(
        (kind, value - number) in labels and (pattern[:1] == "#" or pattern[-1:] == "#")
        for kind, value, pattern in _numbers(text)
    )


def _roman(word: str) -> int | None:
    values = [_ROMAN[letter] for letter in word]
    pairs = zip(values, [*values[1:], 0], strict=True)
    total = sum(-value if value < after else value for value, after in pairs)
    return total if to_roman(total) == word else None


def to_roman(number: int) -> str:
    """A number from 1 to 399 in small roman numerals; nothing for another."""
    text = ""
    for value, letters in (
        (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"),
        (1, "i"),
    ):  # fmt: skip
        while 0 < value <= number < 400:
            text += letters
            number -= value
    return text


def _label(kind: str, value: int) -> str:
    return str(value) if kind == "1" else to_roman(value)


def _spread(found: Mapping[tuple[str, int], Mapping[int, str]]) -> dict[int, str]:
    """The labels, also of pages between two that show theirs, such as the first of a chapter."""
    labels: dict[int, str] = {}
    for (kind, offset), shown in sorted(found.items(), key=lambda entry: len(entry[1])):
        for number in range(min(shown), max(shown) + 1):
            labels[number] = _label(kind, number + offset)
    return dict(sorted(labels.items()))
