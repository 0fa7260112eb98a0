"""The runs of a paragraph to its text, as it is read once all changes in it are accepted."""

from dataclasses import dataclass, field

from docx.oxml.ns import qn

from assistant.library.readers.docx.markup import (
    WRAPPERS,
    Element,
    integer,
    is_on,
    unwrapped,
    value,
)
from assistant.library.readers.docx.styles import Styles

_NO_TEXT = {
    qn(f"w:{name}")
    for name in (
        "del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "sdtPr", "rt",
        "tblPr", "sectPr",
    )
}  # fmt: skip
_TEXT = {qn("w:t"), qn("m:t")}
_MARKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


@dataclass
class Written:
    """What stands in a paragraph: text with its line breaks, and the text boxes that hang on it.

    It is `bold` if all of its runs are; `size` is the largest that a run sets, in half points.
    """

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    bold: bool = True
    size: int = 0


def written_in(paragraph: Element, styles: Styles, bold: bool) -> Written:
    """What stands in a paragraph whose style is bold or not."""
    written = Written()
    parts: list[str] = []
    in_code: list[bool] = []  # of the fields around: whether this is what they do or what they show
    waiting = list(reversed(paragraph))
    while waiting:
        one = waiting.pop()
        if one.tag in _NO_TEXT or (one.tag == qn("w:r") and is_on(one, "w:rPr/w:vanish")):
            continue
        if one.tag == qn("w:fldChar"):
            _turn_field(in_code, one.get(qn("w:fldCharType")))
        elif one.tag in _TEXT:
            parts.append("" if any(in_code) else one.text or "")
        elif one.tag in _MARKS:
            parts.append(_MARKS[one.tag])
        elif one.tag == qn("w:txbxContent"):
            written.boxes.append(one)
        elif one.tag in WRAPPERS:
            waiting += reversed(unwrapped(one))
        else:
            if one.tag == qn("w:r") and "".join(one.itertext(qn("w:t"))).strip():
                written.bold &= _is_bold(one, styles, bold)
                written.size = max(written.size, integer(value(one, "w:rPr/w:sz")))
            waiting += reversed(one)
    written.text = "".join(parts)
    return written


def _turn_field(in_code: list[bool], turn: str | None) -> None:
    if turn == "begin":
        in_code.append(True)
    elif in_code and turn == "separate":
        in_code[-1] = False
    elif in_code and turn == "end":
        in_code.pop()


def _is_bold(run: Element, styles: Styles, paragraph: bool) -> bool:
    own = is_on(run, "w:rPr/w:b")
    return own if own is not None else paragraph or styles.of(value(run, "w:rPr/w:rStyle")).bold
