"""A slide that knows nothing of formats, and how much fits on it. Pure."""

from collections.abc import Iterator, Sequence
from math import ceil

from assistant.prompts import fill
from assistant.records import Record
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import Clean, Line, Title
from assistant.takeaway.text import cut

_LONGEST_TITLE = 90  # characters: two lines
_SPACE = 1 / 6  # of a line, before each: a fifth of the size of its letters


class Room(Record):
    """How much fits on a slide: characters on a line, and lines; or rows of a table."""

    line: int
    lines: float
    rows: int


class Bullet(Record):
    """A line of a slide. What is `plain` has no bullet; `url` is what it leads to."""

    text: Line
    plain: bool = False
    url: str | None = None


class Slide(Record):
    """A slide: lines, or the headers and rows of a table that is filled in together."""

    title: Title
    bullets: tuple[Bullet, ...] = ()
    notes: Clean = ""
    header: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()
    is_title: bool = False


def numbered(title: str, part: int, parts: int) -> str:
    """A title with the number of its part, if there is more than one."""
    if parts == 1:
        return title
    return fill(read_labels().slides.continued, title=title, part=part, parts=parts)


def split(slide: Slide, room: Room) -> Iterator[Slide]:
    """A slide as one or more, all of its lines kept. A title too long stands in the notes."""
    title, notes = cut(slide.title, _LONGEST_TITLE), slide.notes
    if title != slide.title:
        notes = f"{slide.title}\n{notes}"
    if slide.is_title:
        lines = tuple(one.model_copy(update={"text": cut(one.text, 120)}) for one in slide.bullets)
        yield slide.model_copy(update={"title": title, "notes": notes, "bullets": lines})
        return
    parts = _parts(slide.bullets, room) or [()]
    for n, bullets in enumerate(parts, 1):
        yield slide.model_copy(
            update={
                "title": numbered(title, n, len(parts)),
                "bullets": bullets,
                "notes": notes if n == 1 else "",
            }
        )


def _parts(bullets: Sequence[Bullet], room: Room) -> list[tuple[Bullet, ...]]:
    """Lines in groups that fit a slide; a line that is longer than a slide is divided."""
    parts: list[list[Bullet]] = []
    used = room.lines
    for bullet in bullets:
        for text in _pieces(bullet.text, room.line * int(room.lines - 1)):
            needed = ceil(len(text) / room.line) + _SPACE
            if used + needed > room.lines + _SPACE:
                parts.append([])
                used = 0
            parts[-1].append(bullet.model_copy(update={"text": text}))
            used += needed
    return [tuple(part) for part in parts]


def _pieces(text: str, length: int) -> Iterator[str]:
    """A text in pieces of at most so many characters, divided at blanks where there are some."""
    while len(text) > length:
        at = text.rfind(" ", length // 2, length)
        at = length if at < 0 else at
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    yield text
