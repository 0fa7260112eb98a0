"""What is painted on a page: pieces of text with their places, rules and pictures.

Only what shows text or moves it is followed. Nothing is rendered, no picture is unpacked.
"""

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

from assistant.library.readers.pdf.fonts import Letters, letters_of

Matrix = tuple[float, float, float, float, float, float]

_UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MOST_FORMS = 300  # on one page; forms that paint forms could go on for ever
_DEEPEST_FORM = 12
_WORD_GAP = 0.5  # of a space: a wider gap within shown text parts words
_WIDE_GAP = 0.9  # of the font size: text beyond such a gap is a piece of its own


class Piece(NamedTuple):
    """Text that was shown at once, in units of 1/72 inch.

    `x` runs along the text and `y` up across it, whatever way the text is turned: `turned` has the
    degrees. `running` is whether the file calls it a part of the page and not of the text.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    turned: int
    running: bool


class Rule(NamedTuple):
    """A horizontal line."""

    y: float
    x0: float
    x1: float


@dataclass
class Painted:
    """Everything on a page, in the order of painting."""

    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0
    curves: int = 0


class TooMuch(Exception):
    """A page's instructions unpack to more than is allowed."""


class Painter:
    """Reads pages of one file; fonts that pages share are read once."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._fonts: dict[int, Letters | None] = {}
        self._kept: list[Any] = []  # so that no other object gets the id of a font

    def paint(self, page: PageObject) -> Painted:
        """What is on a page. Raises TooMuch, and LimitReachedError if it is too intricate."""
        painted = Painted()
        content = page.get("/Contents")
        content = content.get_object() if content is not None else None
        if isinstance(content, (ArrayObject, StreamObject)):
            run = _Run(self, painted, _UPRIGHT, 0, set())
            run.follow(self.operations(content), _resources(page))
        return painted

    def operations(self, content: Any) -> list[tuple[Any, bytes]]:
        """The instructions of a page or a form."""
        try:
            stream = ContentStream(content, self._reader, "bytes")
        except LimitReachedError as error:
            raise TooMuch from error
        return stream.operations

    def letters(self, resource: DictionaryObject) -> Letters | None:
        """How to read a font, or None if it is damaged."""
        key = id(resource)
        if key not in self._fonts:
            self._kept.append(resource)
            try:
                self._fonts[key] = letters_of(resource)
            except (AttributeError, LookupError, TypeError, ValueError, LimitReachedError):
                self._fonts[key] = None
        return self._fonts[key]


class _Run:
    """Follows the instructions of a page, or of a form that a page paints."""

    def __init__(
        self, painter: Painter, painted: Painted, ctm: Matrix, depth: int, within: set[int]
    ) -> None:
        self._painter, self._painted, self._depth, self._within = painter, painted, depth, within
        self._forms = 0
        self.ctm = ctm
        self.tm = self.tlm = _UPRIGHT
        self.letters: Letters | None = None
        self.size, self.leading, self.rise = 12.0, 0.0, 0.0
        self.char_gap, self.word_gap, self.stretch = 0.0, 0.0, 1.0
        self.stroked = False
        self._saved: list[tuple[Any, ...]] = []
        self._marks: list[bool] = []
        self._running = 0
        self._pen = (0.0, 0.0)
        self._fonts: dict[str, Letters | None] = {}

    def follow(self, operations: list[tuple[Any, bytes]], resources: DictionaryObject) -> None:
        """Collect what the instructions paint."""
        fonts = _dictionary(resources.get("/Font"))
        for operands, operator in operations:
            try:
                if operator == b"Tj":
                    self._show([operands[0]])
                elif operator == b"TJ":
                    self._show(operands[0])
                elif operator == b"Td":
                    self._move(float(operands[0]), float(operands[1]))
                elif operator == b"Tf":
                    self._choose(fonts, operands)
                elif operator == b"Do":
                    self._paint_form(resources, operands[0])
                else:
                    self._other(operator, operands)
            except (IndexError, TypeError, ValueError):
                continue  # an instruction without what it needs does nothing

    def _other(self, operator: bytes, operands: Any) -> None:
        if operator == b"Tm":
            self.tm = self.tlm = _matrix(operands)
        elif operator == b"T*":
            self._move(0.0, -self.leading)
        elif operator == b"TD":
            self.leading = -float(operands[1])
            self._move(float(operands[0]), float(operands[1]))
        elif operator == b"'":
            self._move(0.0, -self.leading)
            self._show([operands[0]])
        elif operator == b'"':
            self.word_gap, self.char_gap = float(operands[0]), float(operands[1])
            self._move(0.0, -self.leading)
            self._show([operands[2]])
        elif operator == b"BT":
            self.tm = self.tlm = _UPRIGHT
        elif operator == b"cm":
            self.ctm = _product(_matrix(operands), self.ctm)
        elif operator == b"q":
            self._saved.append(self._state())
        elif operator == b"Q":
            if self._saved:
                self._restore(self._saved.pop())
        elif operator == b"Tc":
            self.char_gap = float(operands[0])
        elif operator == b"Tw":
            self.word_gap = float(operands[0])
        elif operator == b"Tz":
            self.stretch = float(operands[0]) / 100
        elif operator == b"TL":
            self.leading = float(operands[0])
        elif operator == b"Ts":
            self.rise = float(operands[0])
        elif operator == b"Tr":
            self.stroked = int(operands[0]) == 2
        elif operator in (b"BDC", b"BMC"):
            self._mark(operands)
        elif operator == b"EMC":
            self._running -= bool(self._marks and self._marks.pop())
        else:
            self._draw(operator, operands)

    def _state(self) -> tuple[Any, ...]:
        return (
            self.ctm, self.letters, self.size, self.leading, self.rise, self.char_gap,
            self.word_gap, self.stretch, self.stroked,
        )  # fmt: skip

    def _restore(self, state: tuple[Any, ...]) -> None:
        (
            self.ctm, self.letters, self.size, self.leading, self.rise, self.char_gap,
            self.word_gap, self.stretch, self.stroked,
        ) = state  # fmt: skip

    def _move(self, x: float, y: float) -> None:
        a, b, c, d, e, f = self.tlm
        self.tm = self.tlm = (a, b, c, d, e + x * a + y * c, f + x * b + y * d)

    def _choose(self, fonts: DictionaryObject, operands: Any) -> None:
        name = str(operands[0])
        if name not in self._fonts:
            resource = _dictionary(fonts.get(name))
            self._fonts[name] = self._painter.letters(resource) if resource else None
        self.letters = self._fonts[name]
        self.size = float(operands[1])

    def _mark(self, operands: Any) -> None:
        """Note where the file says that what follows is a head, a foot or a watermark."""
        properties = operands[1] if len(operands) > 1 else None
        kind = properties.get("/Type") if isinstance(properties, DictionaryObject) else None
        running = operands[:1] == ["/Artifact"] and kind == "/Pagination"
        self._marks.append(running)
        self._running += running

    def _show(self, shown: list[Any]) -> None:
        """Collect the pieces of shown text, parted where a wide gap is."""
        letters, size = self.letters, self.size
        if letters is None:
            return
        texts: list[str] = []
        start = pen = 0.0  # in units of text space, from the present place
        for part in shown:
            if isinstance(part, (int, float)):
                gap = -part / 1000 * size
                if texts and gap > _WIDE_GAP * size:
                    self._add(texts, letters, start, pen)
                    texts = []
                elif gap > _WORD_GAP * letters.space * size:
                    texts.append(" ")
                pen += gap * self.stretch
            elif isinstance(part, bytes):
                text, width, count = letters.read(part)
                if not texts:
                    start = pen
                texts.append(text)
                between = self.char_gap * count
                if self.word_gap and letters.single:
                    between += self.word_gap * part.count(b" ")
                pen += (width * size + between) * self.stretch
        self._add(texts, letters, start, pen)
        a, b, c, d, e, f = self.tm
        self.tm = (a, b, c, d, e + pen * a, f + pen * b)

    def _add(self, texts: list[str], letters: Letters, start: float, end: float) -> None:
        text = "".join(texts)
        if not text.strip():
            return
        space = (letters.space * self.size + self.char_gap + self.word_gap) * self.stretch
        start += (len(text) - len(text.lstrip())) * space
        end -= (len(text) - len(text.rstrip())) * space
        a, b, c, d, e, f = _product(self.tm, self.ctm)
        along, upright = math.hypot(a, b), math.hypot(c, d)
        x, y = e + self.rise * c, f + self.rise * d
        turned = 0
        if abs(b) > 1e-3 * along or a < 0:
            turned = round(math.degrees(math.atan2(b, a))) % 360
            x, y = (x * a + y * b) / along, (y * a - x * b) / along
        self._painted.pieces.append(
            Piece(
                text,
                x + start * along,
                x + end * along,
                y,
                abs(self.size) * upright,
                letters.bold or self.stroked,
                turned,
                self._running > 0,
            )
        )

    def _draw(self, operator: bytes, operands: Any) -> None:
        if operator == b"re":
            x, y, width, height = map(float, operands[:4])
            self._rule(x, y, x + width, y)
            self._rule(x, y + height, x + width, y + height)
        elif operator == b"m":
            self._pen = (float(operands[0]), float(operands[1]))
        elif operator == b"l":
            x, y = float(operands[0]), float(operands[1])
            self._rule(*self._pen, x, y)
            self._pen = (x, y)
        elif operator == b"c":
            self._painted.curves += 1
        elif operator in (b"INLINE IMAGE", b"sh"):
            self._painted.pictures += 1

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        a, b, c, d, e, f = self.ctm
        x0, y0, x1, y1 = (
            x0 * a + y0 * c + e, x0 * b + y0 * d + f, x1 * a + y1 * c + e, x1 * b + y1 * d + f,
        )  # fmt: skip
        if abs(y1 - y0) < 1 and abs(x1 - x0) > 10:
            self._painted.rules.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))

    def _paint_form(self, resources: DictionaryObject, name: Any) -> None:
        form = _dictionary(resources.get("/XObject")).get(name)
        form = form.get_object() if form is not None else None
        if not isinstance(form, StreamObject):
            return
        if form.get("/Subtype") == "/Image":
            self._painted.pictures += 1
            return
        key = id(form)
        self._forms += 1
        if key in self._within or self._depth >= _DEEPEST_FORM or self._forms > _MOST_FORMS:
            return
        ctm = self.ctm
        if "/Matrix" in form:
            ctm = _product(_matrix(form["/Matrix"]), ctm)
        run = _Run(self._painter, self._painted, ctm, self._depth + 1, self._within | {key})
        run._forms, run._running = self._forms, self._running
        own = _dictionary(form.get("/Resources"))
        run.follow(self._painter.operations(form), own or resources)
        self._forms = run._forms


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands[:6])
    return (a, b, c, d, e, f)


def _product(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _resources(page: PageObject) -> DictionaryObject:
    """The resources of a page, its own or those of the tree above it."""
    node: Any = page
    for _ in range(50):  # a tree may lead back to itself
        found = node.get("/Resources")
        if found is not None:
            return _dictionary(found)
        if "/Parent" not in node:
            break
        node = node["/Parent"].get_object()
    return DictionaryObject()
