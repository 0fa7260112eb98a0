"""A PDF file to its blocks: what is refused, what is warned of, and the order of the steps."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from assistant.library.blocks import Block
from assistant.library.furniture import find_year, without_furniture
from assistant.library.readers.extract import Extract, Limits, Unreadable, about_file
from assistant.library.readers.pdf.fonts import UNKNOWN
from assistant.library.readers.pdf.layout import Line, Reading
from assistant.library.readers.pdf.metadata import Told, told_by
from assistant.library.readers.pdf.painting import Painted, Painter, TooMuch
from assistant.library.readers.pdf.paragraphs import blocks_of, style_of
from assistant.library.readers.pdf.rows import Row, rows_of
from assistant.library.readers.pdf.running import find_running

# What pypdf raises where a file is not what it should be; it does not promise only its own errors.
DAMAGE = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError,
    OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_MOST_STEPS = 1_000_000  # numbers and instructions of a page: about 150 MB
_NUMERALS = re.compile(r"\d+|\b[ivxlc]+\b")
_MANY_CURVES = 300  # letters drawn as shapes take about ten each


def _damaged() -> Unreadable:
    return Unreadable(
        "is damaged or cut off, so that it cannot be read.",
        "Download or copy it again, or open it and save it again with another program.",
    )


def _scan() -> Unreadable:
    return Unreadable(
        "has no text that can be read: it may be a scan.",
        "Run text recognition (OCR) over it, as scanning programs offer, and add the result.",
    )


@dataclass
class _Pages:
    """What was found on the pages, by their numbers from 1."""

    painted: dict[int, Painted] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)


def read_pdf(data: bytes, limits: Limits) -> Extract:
    """The blocks of a PDF file. Raises Unreadable."""
    unpacked = limits.unpacked_megabytes * 1_000_000
    with (
        _quiet(),
        apply_configuration(
            zlib_maximum_output_length=unpacked,
            lzw_maximum_output_length=unpacked,
            run_length_maximum_output_length=unpacked,
            array_based_stream_maximum_output_length=unpacked,
            stream_parsing_work_maximum_count=_MOST_STEPS,
        ),
    ):
        try:
            reader = _opened(data, limits)
            pages = _painted(reader, limits)
            told = told_by(reader, len(pages.painted))
        except DAMAGE as error:
            raise _damaged() from error
    return _extract(pages, told)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the lines that pypdf logs of every flaw."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _opened(data: bytes, limits: Limits) -> PdfReader:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError) as error:
            raise Unreadable(
                "is encrypted in a way that cannot be read.",
                "Save it without protection, and add that.",
            ) from error
        if not opened:
            raise Unreadable(
                "needs a password to be opened.", "Save it without a password, and add that."
            )
    claimed = reader.root_object["/Pages"].get_object().get("/Count", 0)  # type: ignore[union-attr]
    count = claimed if isinstance(claimed, int) and claimed > limits.pages else len(reader.pages)
    if count > limits.pages:
        raise Unreadable(
            f"has {count:,} pages; the limit is {limits.pages:,}.",
            "Split it, or raise ASSISTANT_MOST_PAGES.",
        )
    return reader


def _painted(reader: PdfReader, limits: Limits) -> _Pages:
    """Everything on the pages. One page that is damaged does not keep the others from us."""
    painter = Painter(reader)
    pages = _Pages()
    characters = 0
    for number in range(1, len(reader.pages) + 1):
        painted = Painted()
        try:
            painted = painter.paint(reader.pages[number - 1])
        except TooMuch as error:
            raise Unreadable(
                f"holds a part that unpacks to more than {limits.unpacked_megabytes} MB.",
                "Save it again with another program, or leave it out.",
            ) from error
        except LimitReachedError:
            pages.failed.append(number)
        except DAMAGE:
            pages.failed.append(number)
        pages.painted[number] = painted
        characters += sum(len(piece.text) for piece in painted.pieces)
        if characters > 3 * limits.characters:  # no use in going on: it is refused for its length
            break
    if len(pages.failed) == len(pages.painted):
        raise _damaged()
    return pages


def _extract(pages: _Pages, told: Told) -> Extract:
    unknown = _without_meaning(pages.painted)
    rows = {
        number: [] if number in unknown else rows_of(painted.pieces)
        for number, painted in pages.painted.items()
    }
    running = find_running(rows, _common_size(rows), told.labels)
    # Where nothing else is left, what recurs is the text.
    left_out = running.rows if len(running.rows) < sum(map(len, rows.values())) else set()
    dropped = _once(rows[page][n].text for page, n in sorted(left_out))
    lines: list[Line] = []
    unsure = []
    for number, on_page in rows.items():
        kept = [row for n, row in enumerate(on_page) if (number, n) not in left_out]
        reading = Reading(kept, pages.painted[number].rules, number)
        lines += reading.lines
        if reading.unsure:
            unsure.append(number)
    if not lines:
        raise _scan()
    blocks, contents = blocks_of(lines, style_of(lines), told.bookmarks, told.title)
    year = find_year(_front(blocks))
    blocks, furniture = without_furniture(blocks)
    about = about_file(
        title=told.title,
        author=told.author,
        publisher=told.publisher,
        year=told.year or year or told.created,
    )
    return Extract(
        blocks,
        about,
        labels=_labels(told.labels, running.labels, len(pages.painted)),
        warnings=_warnings(pages, unknown, lines, unsure),
        dropped=list(dict.fromkeys([*dropped, *contents, *furniture])),
    )


def _once(texts: Iterable[str]) -> list[str]:
    """The distinct ones, those equal that differ in numbers only, such as "Page 1" and "Page 2"."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(_NUMERALS.sub("#", text), text)
    return list(found.values())


def _common_size(rows: Mapping[int, Sequence[Row]]) -> float:
    sizes: dict[float, int] = {}
    for on_page in rows.values():
        for row in on_page:
            sizes[row.size] = sizes.get(row.size, 0) + sum(len(s.text) for s in row.segments)
    return max(sizes, key=lambda size: sizes[size], default=11.0)


def _without_meaning(painted: Mapping[int, Painted]) -> set[int]:
    """The pages whose letters are mostly ones that the file gives no meaning to."""
    found = set()
    for number, page in painted.items():
        text = "".join(piece.text for piece in page.pieces)
        strange = text.count(UNKNOWN) + sum(1 for c in set(text) if c < " ") * 3
        if strange > 0.3 * len(text):
            found.add(number)
    return found


def _front(blocks: Sequence[Block]) -> str:
    text = ""
    for block in blocks:
        if len(text) > 600:
            break
        text += block.text + "\n"
    return text


def _labels(told: dict[int, str], shown: dict[int, str], count: int) -> dict[int, str]:
    """What the file says, unless it only counts its pages and something else is printed."""
    plain = all(label == str(number) for number, label in told.items())
    return {n: text for n, text in (shown if plain and shown else told).items() if n <= count}


def _warnings(
    pages: _Pages, unknown: set[int], lines: Sequence[Line], unsure: Sequence[int]
) -> list[str]:
    with_text = {line.page for line in lines}
    scans = [
        number
        for number, page in pages.painted.items()
        if number not in with_text | unknown and (page.pictures or page.curves > _MANY_CURVES)
    ]
    said = [
        _of(scans, "no text layer (they may be scans)", "no text layer (it may be a scan)"),
        _of(sorted(unknown), "letters that the file gives no meaning to"),
    ]
    if pages.failed:
        verb = "are" if len(pages.failed) > 1 else "is"
        said.append(
            f"{_named(pages.failed)} {verb} damaged or too intricate: nothing of "
            f"{'them' if len(pages.failed) > 1 else 'it'} is quoted."
        )
    if unsure:
        said.append(
            f"{_named(unsure)} may have columns or a table that could not be told apart: "
            "sentences there may be in the wrong order."
        )
    return [sentence for sentence in said if sentence]


def _of(numbers: Sequence[int], what: str, what_one: str = "") -> str:
    if not numbers:
        return ""
    if len(numbers) > 1:
        return f"{_named(numbers)} have {what}: nothing of them is quoted."
    return f"{_named(numbers)} has {what_one or what}: nothing of it is quoted."


def _named(numbers: Sequence[int]) -> str:
    """ "Page 3", "Pages 3 and 7" or "Pages 3, 5-8 and 20"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    texts = [f"{s[0]}-{s[-1]}" if len(s) > 2 else " and ".join(map(str, s)) for s in spans]
    flat = [text for part in texts for text in part.split(" and ")]
    if len(flat) > 1:
        flat = [", ".join(flat[:-1]) + f" and {flat[-1]}"]
    return f"Page{'s' if len(numbers) > 1 else ''} {flat[0]}"
