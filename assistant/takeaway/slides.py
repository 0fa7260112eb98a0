"""Slides as a PowerPoint file: real titles, notes for the coach, black on white."""

from copy import deepcopy
from io import BytesIO
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from assistant.plans import SessionPlan, SessionSeries
from assistant.prompts import fill
from assistant.takeaway.deck import deck
from assistant.takeaway.labels import read_labels
from assistant.takeaway.paper import Layout
from assistant.takeaway.slide import Bullet, Room, Slide
from assistant.takeaway.text import cut
from assistant.takeaway.zipped import without_times

_WIDE = 12_192_000  # 16:9, in EMU; the template is 4:3 and as high
_FIRST, _CONTENT, _TITLE_ONLY = 0, 1, 5  # layouts of the template
_GRID = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # the style of tables with lines and no colours
_FONT = "Arial"
_NUMBER_ID = "99"  # above those of the few shapes of a slide
_EMPTY_ROW = Inches(0.8)
# Letters of titles and lines in points, and how much fits of the latter.
_USUAL = (34, 26, Room(line=62, lines=11, rows=5))
_LARGE = (40, 34, Room(line=48, lines=8.4, rows=3))


def slides(what: SessionPlan | SessionSeries, layout: Layout) -> bytes:
    """The slides as PPTX, in larger letters if the layout is for large print."""
    title, text, room = _LARGE if layout.large else _USUAL
    show: Any = Presentation()
    _widen(show)
    _dress(show, title, text)
    for slide in deck(what, room):
        _add(show, slide, text)
    _describe(show, what.title)
    written = BytesIO()
    show.save(written)
    return without_times(written.getvalue())


def _widen(show: Any) -> None:
    """The template as wide as screens are, with all that stands on its layouts."""
    factor = _WIDE / show.slide_width
    show.slide_width = _WIDE
    for page in (show.slide_master, *show.slide_layouts):
        for shape in page.shapes:
            if shape._element.find(f".//{qn('a:xfrm')}") is not None:
                top, height = shape.top, shape.height
                left, width = round(shape.left * factor), round(shape.width * factor)
                shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _dress(show: Any, title: int, text: int) -> None:
    """Sizes and fonts of the template; its greys made black."""
    for page in (show.slide_master, *show.slide_layouts):
        for tint in list(page._element.iter(qn("a:tint"))):
            tint.getparent().remove(tint)
        _speak_english(page._element)
    _speak_english(show.part._element)
    title_page = show.slide_layouts[_FIRST]
    for level in title_page._element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    heading, below = title_page.placeholders[0], title_page.placeholders[1]
    place = (heading.left, below.top, heading.width, below.height)
    below.left, below.top, below.width, below.height = place
    styles = show.slide_master._element.find(qn("p:txStyles"))
    for name, size in (("p:titleStyle", title), ("p:bodyStyle", text)):
        level = styles.find(f"{qn(name)}/{qn('a:lvl1pPr')}")
        level.set("algn", "l")
        about = level.find(qn("a:defRPr"))
        about.set("sz", str(size * 100))
        about.set("b", "1" if name == "p:titleStyle" else "0")
        about.find(qn("a:latin")).set("typeface", _FONT)


def _speak_english(element: Any) -> None:
    """Mark all text of an element as British English."""
    for name in ("a:rPr", "a:defRPr", "a:endParaRPr"):
        for about in element.iter(qn(name)):
            about.set("lang", "en-GB")
    for run in (*element.iter(qn("a:r")), *element.iter(qn("a:fld"))):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, etree.SubElement(run, qn("a:rPr"), lang="en-GB"))


def _add(show: Any, slide: Slide, text: int) -> None:
    """A slide with its notes and its number."""
    layout = _FIRST if slide.is_title else _TITLE_ONLY if slide.header else _CONTENT
    page = show.slides.add_slide(show.slide_layouts[layout])
    page.shapes.title.text = slide.title
    if slide.header:
        _table(page, slide, text)
    else:
        _write(page.placeholders[1].text_frame, slide.bullets)
    if slide.notes:
        said = page.notes_slide
        said.notes_text_frame.text = slide.notes
        _speak_english(said._element)
    _number(page, show.slide_layouts[layout])
    _speak_english(page._element)


def _number(page: Any, layout: Any) -> None:
    """Give a slide the number that its layout has a place for."""
    for shape in layout._element.iter(qn("p:sp")):
        kind = shape.find(f".//{qn('p:ph')}")
        if kind is not None and kind.get("type") == "sldNum":
            number = deepcopy(shape)
            number.find(f"{qn('p:nvSpPr')}/{qn('p:cNvPr')}").set("id", _NUMBER_ID)
            page.shapes._spTree.append(number)


def _write(frame: Any, bullets: tuple[Bullet, ...]) -> None:
    for n, bullet in enumerate(bullets):
        line = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        run = line.add_run()
        run.text = bullet.text
        if bullet.url:
            run.hyperlink.address = bullet.url
        if bullet.plain:
            about = line._p.get_or_add_pPr()
            about.set("marL", "0")
            about.set("indent", "0")
            about.insert(0, etree.SubElement(about, qn("a:buNone")))


def _table(page: Any, slide: Slide, text: int) -> None:
    """A table with one row of headers, which says to those who do not see it what it is for."""
    title = page.shapes.title
    rows, columns = len(slide.rows) + 1, len(slide.header)
    frame = page.shapes.add_table(
        rows, columns, title.left, title.top + title.height, title.width, _EMPTY_ROW * rows
    )
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("name", slide.title)
    about.set("descr", fill(read_labels().slides.table, names=", ".join(slide.header)))
    table = frame.table
    properties = table._tbl.tblPr
    properties.find(qn("a:tableStyleId")).text = _GRID
    first, *rest = table.columns
    first.width = title.width // 2
    for column in rest:
        column.width = (title.width - first.width) // len(rest)
    table.first_row, table.horz_banding = True, False
    for cells, words in zip(table.rows, (slide.header, *slide.rows), strict=True):
        for cell, word in zip(cells.cells, words, strict=True):
            run = cell.text_frame.paragraphs[0].add_run()
            run.text = word
            run.font.size = Pt(round(text * 0.7))
            run.font.name = _FONT
            run.font.bold = words is slide.header


def _describe(show: Any, title: str) -> None:
    """Title and language; nothing about people, machines or times."""
    about = show.core_properties
    about.title = cut(title, 255)
    about.language = "en-GB"
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    for name in ("dcterms:created", "dcterms:modified"):
        for old in about._element.findall(qn(name)):
            about._element.remove(old)
