"""Makes the PDF files that tests read: in code, so that each says what is special about it.

`files/note.pdf` and `files/two-columns.pdf` come from `flat_odt`, through LibreOffice:
`soffice --headless --convert-to pdf note.fodt`.
"""

import random
import re
import zlib
from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import IndirectObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WORDS = (
    "the delivery of a programme depends on coaching and on leaders who make time for it while "
    "teams learn from data and plan their next step with the people they serve"
).split()
Draw = Callable[[Canvas], None]

_STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>TITLE</dc:title>
<meta:initial-creator>A district team</meta:initial-creator></office:meta>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties
 fo:margin-bottom="0.2cm"/><style:text-properties fo:font-size="11pt"
 style:font-name="Liberation Serif" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Title" style:family="paragraph">
<style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>
<style:style style:name="H" style:family="paragraph" style:default-outline-level="1">
<style:paragraph-properties fo:keep-with-next="always" fo:margin-top="0.4cm"/>
<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1"
 text:bullet-char="•"><style:list-level-properties
 text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment
 text:label-followed-by="listtab" fo:text-indent="-0.6cm" fo:margin-left="1.2cm"/>
</style:list-level-properties></text:list-level-style-bullet></text:list-style>
<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1"
 style:num-format="1" style:num-suffix="."><style:list-level-properties
 text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment
 text:label-followed-by="listtab" fo:text-indent="-0.6cm" fo:margin-left="1.2cm"/>
</style:list-level-properties></text:list-level-style-number></text:list-style>
</office:styles>
<office:automatic-styles>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/>
</style:style>
<style:style style:name="Columns" style:family="section"><style:section-properties>
<style:columns fo:column-count="2" fo:column-gap="0.7cm"/></style:section-properties></style:style>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm"
 fo:page-height="29.7cm" fo:margin="2.2cm"/><style:header-style><style:header-footer-properties
 fo:min-height="1cm"/></style:header-style><style:footer-style><style:header-footer-properties
 fo:min-height="1cm"/></style:footer-style></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">
<style:header><text:p>HEAD</text:p></style:header>
<style:footer><text:p>Page <text:page-number/></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text><text:h text:style-name="Title" text:outline-level="1">TITLE</text:h>
"""


def flat_odt(markdown: str, title: str, head: str, columns: bool = False) -> str:
    """A note's Markdown, without its front matter, as a document for LibreOffice."""
    parts = [_STYLES.replace("TITLE", escape(title)).replace("HEAD", escape(head))]
    if columns:
        parts.append('<text:section text:name="c" text:style-name="Columns">')
    for group in markdown.strip().split("\n\n"):
        lines = group.split("\n")
        if group.startswith("#"):
            parts.append(
                f'<text:h text:style-name="H" text:outline-level="2">{_text(group)}</text:h>'
            )
        elif re.match(r"(?:[-*]|\d+\.) ", group):
            style = "Numbers" if group[0].isdigit() else "Bullets"
            items = [f"<text:list-item><text:p>{_text(n)}</text:p></text:list-item>" for n in lines]
            parts.append(f'<text:list text:style-name="{style}">{"".join(items)}</text:list>')
        else:
            parts.append(f"<text:p>{_text(group)}</text:p>")
    if columns:
        parts.append("</text:section>")
    return "\n".join([*parts, "</office:text></office:body></office:document>\n"])


def _text(markdown: str) -> str:
    plain = escape(re.sub(r"^(?:#+|[-*]|\d+\.) ", "", markdown))
    bold = re.sub(r"\*\*(.+?)\*\*", r'<text:span text:style-name="B">\1</text:span>', plain)
    return re.sub(r"\*(.+?)\*", r"\1", bold)


def pages(*draws: Draw, **info: str) -> bytes:
    """A PDF of A4 pages, each drawn by one function. `info` has its title and author."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    canvas.setTitle(info.get("title", ""))
    canvas.setAuthor(info.get("author", ""))
    for draw in draws:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    texts: Sequence[str], x: float = 72, y: float = 720, size: float = 11, font: str = "Helvetica"
) -> Draw:
    """Draws lines below each other, 1.3 times the size apart."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for n, text in enumerate(texts):
            canvas.drawString(x, y - 1.3 * size * n, text)

    return draw


def together(*draws: Draw) -> Draw:
    """Draws several things on one page."""

    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def prose(words: int, seed: int = 0) -> str:
    """Sentences of eight to twenty words that mean little."""
    chance = random.Random(seed)
    text = ""
    left = words
    while left > 0:
        count = min(left, chance.randint(8, 20))
        left -= count
        text += " ".join(chance.choice(WORDS) for _ in range(count)).capitalize() + ". "
    return text.strip()


def wrapped(text: str, width: float, size: float = 11) -> list[str]:
    """A text as lines that fit a width in Helvetica, as a word processor breaks them."""
    canvas = Canvas(BytesIO())
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if canvas.stringWidth(longer, "Helvetica", size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def two_hundred_pages(count: int = 200) -> bytes:
    """A report of about 3,000 characters a page, with headings and a foot."""

    def page(number: int) -> Draw:
        heading = lines([f"What comes {number}th?"], y=780, size=14, font="Helvetica-Bold")
        paragraphs: list[Draw] = []
        y = 755.0
        for part in range(4):
            text = wrapped(prose(135, seed=4 * number + part), 450)
            paragraphs.append(lines(text, y=y))
            y -= 14.3 * len(text) + 8
        return together(heading, *paragraphs, lines([f"Page {number} of {count}"], y=40, size=9))

    return pages(*map(page, range(1, count + 1)), title="A long report")


def three_thousand_pages() -> bytes:
    """More pages than anybody reads."""
    return pages(*(lines([f"This is page {number}."]) for number in range(1, 3001)))


def line_by_line_columns(rows: int = 30) -> tuple[bytes, str, str]:
    """Two columns, drawn line by line across both, below a title; with the text of each."""
    left, right = prose(260, seed=1), prose(260, seed=2)
    sides = [wrapped(text, 210)[:rows] for text in (left, right)]

    def draw(canvas: Canvas) -> None:
        lines(["How teams learn"], y=780, size=20)(canvas)
        lines(["This standfirst stands above both columns and is as wide as both are together."],
              y=750)(canvas)  # fmt: skip
        for n in range(rows):
            for x, side in zip((72, 305), sides, strict=True):
                lines(side[n : n + 1], x=x, y=720 - 14 * n)(canvas)

    return pages(draw), " ".join(sides[0]), " ".join(sides[1])


def scan() -> bytes:
    """A page that is only a picture of text."""
    picture = Image.new("L", (600, 300), 255)
    drawing = ImageDraw.Draw(picture)
    for n in range(8):
        drawing.text((30, 30 + 30 * n), "A team should ask before it acts, and listen.", fill=0)
    return pages(lambda canvas: canvas.drawImage(ImageReader(picture), 60, 400, 480, 240))


def encrypted(password: str, owner: str = "owner") -> bytes:
    """A page behind a user password (AES); with an empty one, only an owner password is set."""
    writer = PdfWriter(clone_from=BytesIO(pages(lines(["A team should ask before it acts."]))))
    writer.encrypt(password, owner, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def raw(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(out))
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def one_raw_page(content: bytes, entries: bytes = b"") -> bytes:
    """A page with this content stream and Helvetica as /F1."""
    return raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(content, entries),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def flate_bomb(megabytes: int = 600) -> bytes:
    """About 0.6 MB whose page unpacks to 600 MB of spaces."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes))
    return one_raw_page(packed + packer.flush(), b"/Filter/FlateDecode")


def cyclic_tree() -> bytes:
    """A page tree that leads back to its own root."""
    return raw(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"
    )


def deep_nesting() -> bytes:
    """A page with arrays within arrays, deeper than Python's stack."""
    return one_raw_page(b"[" * 100_000 + b"]" * 100_000 + b" TJ")


def truncated() -> bytes:
    """The first third of a file, as a broken download leaves it."""
    data = two_hundred_pages(5)
    return data[: len(data) // 3]


def with_outline(data: bytes, entries: Sequence[tuple[str, int, int]]) -> bytes:
    """A file with bookmarks: text, page from 1 and depth from 0 of each."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    above: list[IndirectObject] = []
    for text, page, depth in entries:
        parent = above[depth - 1] if depth else None
        entry = writer.add_outline_item(title=text, page_number=page - 1, parent=parent)
        above[depth:] = [entry]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
