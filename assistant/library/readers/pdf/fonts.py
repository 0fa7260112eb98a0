"""What the codes of a PDF font mean and how wide they are."""

import re
from dataclasses import dataclass

from pypdf.generic import DictionaryObject

# Private, and the only place where pypdf gives widths: without them nobody can tell a gap between
# words or columns from none. `extract_text` gives the beginnings of pieces, but not their ends.
from pypdf.generic._font import Font

UNKNOWN = "\ufffd"  # stands for a letter that the file gives no meaning to
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18  # flag of a font descriptor
# Bullets of the fonts Symbol and Wingdings, which have no letters: all are list markers.
_SYMBOLS = dict.fromkeys(range(0xE000, 0xF900), "•")
_UNUSED = dict.fromkeys(range(0x7F, 0xA0), "•")  # codes of no letter show a bullet (ISO 32000, D.2)


@dataclass(frozen=True)
class Letters:
    """How to read a font: `single` if each byte is a code, else two bytes are."""

    single: bool
    encoding: str
    meaning: dict[int, str]
    widths: dict[int, float]
    other_width: float
    space: float
    bold: bool
    known: bool

    def read(self, raw: bytes) -> tuple[str, float, int]:
        """The text, its width and the number of its codes. Widths are shares of the font size."""
        codes = raw.decode(self.encoding, "surrogatepass" if self.single else "replace")
        widths, other = self.widths, self.other_width
        width = sum([widths.get(ord(code), other) for code in codes])
        if not self.known:
            return UNKNOWN * len(codes), width, len(codes)
        return codes.translate(self.meaning), width, len(codes)


def letters_of(resource: DictionaryObject) -> Letters:
    """How to read the font of a page's resources."""
    font = Font.from_font_resource(resource)
    single = not isinstance(font.encoding, str)
    mapped = {key: value for key, value in font.character_map.items() if isinstance(key, str)}
    if isinstance(font.encoding, str):
        meaning = {ord(key): value for key, value in mapped.items() if len(key) == 1}
    else:
        encoded = {code: font.encoding.get(code, chr(code)) for code in range(256)}
        meaning = {code: mapped.get(text, text) for code, text in encoded.items()}
    widths = {
        ord(key): float(value) / 1000
        for key, value in font.character_widths.items()
        if len(key) == 1 and isinstance(value, (int, float))
    }
    space = float(font.space_width) / 1000 or 0.25
    if len(font.space_char) == 1:
        widths.setdefault(ord(font.space_char), space)
    marks = _SYMBOLS | _UNUSED if single else _SYMBOLS
    return Letters(
        single=single,
        encoding="latin-1" if single else str(font.encoding),
        meaning={code: text.translate(marks) for code, text in meaning.items()},
        widths=widths,
        other_width=float(font.character_widths.get("default", 500)) / 1000,
        space=space,
        bold=_is_bold(font),
        known=font.interpretable and not _means_nothing(resource, font),
    )


def _is_bold(font: Font) -> bool:
    weight = str(font.font_descriptor.weight)
    return (
        _BOLD.search(font.name) is not None
        or bool(int(font.font_descriptor.flags) & _FORCE_BOLD)
        or (weight.isdigit() and int(weight) >= 600)
    )


def _means_nothing(resource: DictionaryObject, font: Font) -> bool:
    """Whether codes are numbers of shapes, and nothing says which letters they show."""
    encoding = str(resource.get("/Encoding", ""))
    return encoding.startswith("/Identity") and not font.character_map
