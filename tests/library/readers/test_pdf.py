import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.pdfgen.canvas import Canvas

from assistant.library.blocks import Block, BlockKind, assemble, on_one_line
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.pdf import read_pdf
from assistant.library.readers.pdf.joining import Compounds, joined_lines
from assistant.library.readers.pdf.running import to_roman
from tests.library import making_pdfs as make

FILES = Path(__file__).parents[1] / "files"
NOTE = Path(__file__).parents[3] / "corpus" / "notes" / "adaptation" / "fidelity.md"


def read(data: bytes, **limits: int) -> Extract:
    return read_pdf(data, Limits(**limits))


def refusal(data: bytes, **limits: int) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, **limits)
    assert caught.value.reason.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value


def texts(extract: Extract, kind: BlockKind | None = None) -> list[str]:
    return [block.text for block in extract.blocks if kind in (None, block.kind)]


def headings(extract: Extract) -> list[tuple[int, str]]:
    return [(b.level, b.text) for b in extract.blocks if b.kind is BlockKind.HEADING]


def page_of(block: Block, offset: int) -> int:
    return max(entry for entry in block.pages if entry[0] <= offset)[1]


def note_lines() -> list[str]:
    """What the note says, without its front matter and its Markdown."""
    body = NOTE.read_text(encoding="utf-8").split("---\n", 2)[2]
    plain = [re.sub(r"^(?:#+|\d+\.) ", "", line).replace("**", "") for line in body.split("\n")]
    return [line for line in plain if line]


def pypdf_pages(name: str) -> list[str]:
    """The text of the pages by pypdf's own hand, without any space."""
    reader = PdfReader(FILES / name)
    return [re.sub(r"\s+", "", page.extract_text()) for page in reader.pages]


# The files that LibreOffice made of a note.


@pytest.mark.parametrize("name", ["note.pdf", "two-columns.pdf"])
def test_every_paragraph_of_a_note_is_one_block_on_the_right_page(name: str) -> None:
    extract = read((FILES / name).read_bytes())
    pages = pypdf_pages(name)
    found = {block.text: block for block in extract.blocks}
    for line in note_lines():
        assert line in found
        for sentence in re.split(r"(?<=[.?!]) ", line):
            start = page_of(found[line], line.index(sentence))
            beginning = re.sub(r"\s+", "", sentence)[:12]
            assert beginning in pages[start - 1]
    assert texts(extract)[1:] == note_lines()
    assert extract.warnings == []


@pytest.mark.parametrize("name", ["note.pdf", "two-columns.pdf"])
def test_a_note_keeps_its_title_headings_lists_and_page_numbers(name: str) -> None:
    extract = read((FILES / name).read_bytes())
    assert headings(extract)[:2] == [(1, "Fidelity"), (2, "What is fidelity?")]
    assert {level for level, _ in headings(extract)[1:]} == {2}
    markers = [block.marker for block in extract.blocks if block.kind is BlockKind.ITEM]
    assert markers[:6] == ["1.", "2.", "3.", "4.", "5.", "1."]
    assert extract.about.title == "Fidelity"
    assert extract.about.author == "A district team"
    assert extract.labels[2] == "2"
    assert extract.dropped == ["District guide to implementation", "Page 1"]


def test_a_paragraph_that_runs_over_a_page_has_both_pages() -> None:
    first = make.wrapped(make.prose(400, seed=3), 450)
    cut = next(n for n in range(20, 30) if not first[n].endswith("."))
    data = make.pages(make.lines(first[: cut + 1]), make.lines(first[cut + 1 :]))
    extract = read(data)
    assert texts(extract) == [" ".join(first)]
    assert extract.blocks[0].pages == ((0, 1), (len(" ".join(first[: cut + 1])) + 1, 2))


# Columns and tables.


def test_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    data, left, right = make.line_by_line_columns()
    extract = read(data)
    whole = " ".join(texts(extract))
    assert whole.startswith("How teams learn This standfirst stands above both columns")
    assert left in whole
    assert right in whole
    assert whole.index(left[:60]) < whole.index(right[:60])
    assert extract.warnings == []


def test_columns_above_and_below_a_wide_line_stay_on_their_side_of_it() -> None:
    sides = [make.wrapped(make.prose(90, seed=n), 210)[:8] for n in range(4)]
    wide = "This one line is so wide that it can only be meant to part what is above from below."
    drawn = [
        make.lines(sides[0], y=760), make.lines(sides[1], x=305, y=760),
        make.lines([wide], y=600),
        make.lines(sides[2], y=560), make.lines(sides[3], x=305, y=560),
    ]  # fmt: skip
    whole = " ".join(texts(read(make.pages(make.together(*drawn)))))
    places = [
        whole.index(part) for part in (sides[0][2], sides[1][2], wide, sides[2][2], sides[3][2])
    ]
    assert places == sorted(places)


TABLE = [
    ("Step", "Who", "Weeks"), ("Ask", "The lead", "2"), ("Plan", "The whole team", "4"),
    ("Act", "Everybody", "12"),
]  # fmt: skip


def test_rows_of_a_table_become_rows_of_cells() -> None:
    cells = [
        make.lines([cell], x=72 + 150 * n, y=700 - 20 * row)
        for row, entry in enumerate(TABLE)
        for n, cell in enumerate(entry)
    ]
    extract = read(make.pages(make.together(make.lines(["Who does what:"], y=740), *cells)))
    assert texts(extract, BlockKind.TABLE_ROW) == [" | ".join(row) for row in TABLE]
    assert texts(extract, BlockKind.PARAGRAPH) == ["Who does what:"]


def test_cells_of_several_lines_stay_whole() -> None:
    def table(canvas: Canvas) -> None:
        for row, (left, right) in enumerate(
            [
                (["Ask the people", "who will do it"], ["They know what", "gets in their", "way."]),
                (["Plan with them"], ["A plan that is theirs", "is kept."]),
                (["Act"], ["Begin small."]),
            ]
        ):
            top = 700 - 60 * row
            for y in (top + 16, top - 44):
                canvas.line(66, y, 500, y)
            make.lines(left, y=top)(canvas)
            make.lines(right, x=300, y=top)(canvas)

    assert texts(read(make.pages(table))) == [
        "Ask the people who will do it | They know what gets in their way.",
        "Plan with them | A plan that is theirs is kept.",
        "Act | Begin small.",
    ]


# Paragraphs, lists and headings.


def body(n: int = 0) -> list[str]:
    return make.wrapped(make.prose(60, seed=n), 450)


def test_headings_have_levels_by_their_size() -> None:
    draw = make.together(
        make.lines(["A plan for coaches"], y=780, size=22),
        make.lines(["Who helps?"], y=740, size=16),
        make.lines(body(1), y=715),
        make.lines(["In the first year"], y=620, size=11, font="Helvetica-Bold"),
        make.lines(body(2), y=600),
        make.lines(["Who pays?"], y=500, size=16),
        make.lines(body(3), y=475),
    )
    extract = read(make.pages(draw))
    assert headings(extract) == [
        (1, "A plan for coaches"), (2, "Who helps?"), (3, "In the first year"), (2, "Who pays?"),
    ]  # fmt: skip
    assert texts(extract, BlockKind.PARAGRAPH) == [" ".join(body(n)) for n in (1, 2, 3)]


def test_the_outline_tells_headings_that_look_like_text() -> None:
    draw = make.together(
        make.lines(["Who helps?"], y=740), make.lines(body(1), y=715),
        make.lines(["In the first year"], y=620), make.lines(body(2), y=600),
    )  # fmt: skip
    data = make.with_outline(make.pages(draw), [("Who helps?", 1, 0), ("In the first year", 1, 1)])
    assert headings(read(data)) == [(2, "Who helps?"), (3, "In the first year")]


@pytest.mark.parametrize("bullet", ["•", "-", "–", "*", "·"])
def test_bullets_become_items_and_hanging_lines_go_on_with_them(bullet: str) -> None:
    draw = make.together(
        make.lines(["Two are needed:"]),
        make.lines([bullet], x=80, y=700),
        make.lines(["a lead who has time and"], x=95, y=700),
        make.lines(["a budget"], x=95, y=686),
        make.lines([f"{bullet} a coach"], x=80, y=672),
        make.lines(["Both are asked first."], y=650),
    )
    extract = read(make.pages(draw))
    assert [(b.kind, b.marker, b.text) for b in extract.blocks] == [
        (BlockKind.PARAGRAPH, "", "Two are needed:"),
        (BlockKind.ITEM, "-", "a lead who has time and a budget"),
        (BlockKind.ITEM, "-", "a coach"),
        (BlockKind.PARAGRAPH, "", "Both are asked first."),
    ]


def test_bullets_of_the_symbol_font_are_bullets() -> None:
    draw = make.together(
        make.lines(["Two are needed:"]),
        lambda canvas: (canvas.setFont("Symbol", 11), canvas.drawString(80, 700, "\xb7"))[1],
        make.lines(["a lead"], x=95, y=700),
    )
    assert texts(read(make.pages(draw)), BlockKind.ITEM) == ["a lead"]


def test_numbered_and_lettered_items_keep_their_markers() -> None:
    draw = make.lines(
        ["What a team does in turn is:", "1. ask", "2) plan", "a) and tell", "That is all."]
    )
    items = [(b.marker, b.text) for b in read(make.pages(draw)).blocks if b.marker]
    assert items == [("1.", "ask"), ("2.", "plan"), ("a)", "and tell")]


def test_a_number_at_the_start_of_a_wrapped_line_is_no_item() -> None:
    draw = make.lines(
        ["The programme was tried for the first time, as its authors wrote at length, in May of",
         "12. It grew from there to many places, and it grew faster than any of them had thought."]
    )  # fmt: skip
    assert [b.kind for b in read(make.pages(draw)).blocks] == [BlockKind.PARAGRAPH]


def test_a_word_broken_at_a_line_end_is_made_whole_and_a_compound_keeps_its_hyphen() -> None:
    draw = make.lines(
        ["Much depends on how a team goes about the first weeks of imple-",
         "mentation, since a follow-up comes late, and since the second follow-",
         "up comes later still than the first of them had come to the team."]
    )  # fmt: skip
    whole = " ".join(texts(read(make.pages(draw))))
    assert "weeks of implementation, since" in whole
    assert "the second follow-up comes" in whole


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["imple-", "mentation"], "implementation"),
        (["soft imple\u00ad", "mentation"], "soft implementation"),
        (["COVID-", "19"], "COVID-19"),
        (["and/", "or"], "and/or"),
        (["one —", "two"], "one — two"),
        (["self-", "report"], "self-report"),
        (["ages 5–", "11"], "ages 5–11"),
        (
            ["evidence-", "based work has a base; what is based on evidence"],
            "evidence-based work has a base; what is based on evidence",
        ),
    ],
)
def test_lines_are_joined_as_they_were_broken(lines: list[str], whole: str) -> None:
    assert joined_lines(lines, Compounds(lines))[0] == whole


@given(st.lists(st.text("ab-\u00ad/– ", max_size=6).map(str.strip).filter(bool), max_size=6))
def test_each_line_begins_where_joining_says(lines: list[str]) -> None:
    text, starts = joined_lines(lines, Compounds(lines))
    assert len(starts) == len(lines)
    for line, start in zip(lines, starts, strict=True):
        assert text[start:].startswith(line.rstrip("-\u00ad"))


def test_ligatures_and_odd_spaces_are_made_plain() -> None:
    content = rb"BT /F1 11 Tf 72 700 Td (The o\256cer\240asked) Tj ET"
    extract = read(make.one_raw_page(content))
    assert texts(extract) == [on_one_line(texts(extract)[0])]
    assert "officer" in texts(extract)[0] or "oficer" in texts(extract)[0]


# Heads, feet and page numbers.


def numbered(labels: list[str], head: str = "A guide to coaching") -> bytes:
    return make.pages(
        *(
            make.together(
                make.lines([head], y=800, size=9),
                make.lines(body(n), y=740),
                make.lines([label], x=290, y=40, size=9),
            )
            for n, label in enumerate(labels)
        )
    )


def test_running_heads_and_roman_numerals_are_dropped_and_become_labels() -> None:
    extract = read(numbered(["i", "ii", "iii", "iv", "1", "2", "3", "4"]))
    assert extract.labels == dict(enumerate(["i", "ii", "iii", "iv", "1", "2", "3", "4"], 1))
    assert not any("guide" in text or text in ("ii", "2") for text in texts(extract))
    assert "A guide to coaching" in extract.dropped
    assert len(extract.dropped) == len(set(extract.dropped))


def test_page_labels_of_the_file_come_first() -> None:
    writer = PdfWriter(clone_from=BytesIO(numbered(["1", "2", "3", "4", "5"])))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 4, style=PageLabelStyle.DECIMAL, start=7)
    out = BytesIO()
    writer.write(out)
    assert read(out.getvalue()).labels == {1: "i", 2: "ii", 3: "7", 4: "8", 5: "9"}


def test_heads_of_short_chapters_are_known_by_their_place_and_number() -> None:
    heads = [*(f"Chapter 1: Ask first {n}" for n in (3, 4, 5)), "Chapter 2: Act 6", "Notes 7"]
    data = make.pages(
        *(
            make.together(make.lines([head], y=800, size=9), make.lines(body(n), y=740))
            for n, head in enumerate(heads)
        )
    )
    extract = read(data)
    assert texts(extract) == [" ".join(body(n)) for n in range(5)]
    assert "Chapter 2: Act 6" in extract.dropped


def test_headings_that_count_chapters_at_the_top_of_pages_are_kept() -> None:
    data = make.pages(
        *(
            make.together(make.lines([f"Step {n}"], y=780, size=18), make.lines(body(n), y=740))
            for n in (1, 2, 3, 4, 5)
        )
    )
    assert [text for _, text in headings(read(data))] == [f"Step {n}" for n in (1, 2, 3, 4, 5)]


def test_a_table_of_contents_is_dropped_and_named() -> None:
    listed = [f"Chapter on step {n} {'.' * 60} {n + 4}" for n in range(1, 5)]
    extract = read(make.pages(make.lines(listed), make.lines(body(1))))
    assert texts(extract) == [" ".join(body(1))]
    assert extract.dropped == listed


@given(st.integers(1, 399))
def test_roman_numerals_add_up(number: int) -> None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    found = [values[letter] for letter in to_roman(number)]
    total = sum(-a if a < b else a for a, b in zip(found, [*found[1:], 0], strict=True))
    assert total == number


# What a file says of itself.


def test_title_author_and_year_come_from_the_file_or_its_front() -> None:
    data = make.pages(
        make.lines(["Published 3 May 2019", *body(1)]), title="A plan", author="Jo Doe"
    )
    about = read(data).about
    assert (about.title, about.author, about.year) == ("A plan", "Jo Doe", 2019)


def test_publisher_and_date_of_the_xmp_metadata_are_read() -> None:
    xmp = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:publisher><rdf:Bag><rdf:li>The Board</rdf:li></rdf:Bag></dc:publisher>
    <dc:date><rdf:Seq><rdf:li>2014-05-03</rdf:li></rdf:Seq></dc:date>
    </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
    data = make.raw(
        b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        make.stream(b"BT /F1 11 Tf 72 700 Td (Ask first.) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        make.stream(xmp, b"/Type/Metadata/Subtype/XML"),
    )
    about = read(data).about
    assert (about.publisher, about.year) == ("The Board", 2014)


# What is refused or warned of.


def test_a_file_behind_a_password_is_refused() -> None:
    assert "password" in refusal(make.encrypted("secret")).reason


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert texts(read(make.encrypted(""))) == ["A team should ask before it acts."]


def test_a_scan_is_refused_with_what_to_do() -> None:
    error = refusal((FILES / "scan.pdf").read_bytes())
    assert error.reason == "has no text that can be read: it may be a scan."
    assert "OCR" in error.remedy


def test_pages_that_are_scans_are_named_in_a_warning() -> None:
    writer = PdfWriter()
    for data in (make.pages(make.lines(body(1))), make.scan(), make.scan()):
        writer.append(BytesIO(data))
    out = BytesIO()
    writer.write(out)
    assert read(out.getvalue()).warnings == [
        "Pages 2 and 3 have no text layer (they may be scans): nothing of them is quoted."
    ]


def test_an_empty_page_needs_no_warning() -> None:
    assert read(make.pages(make.lines(body(1)), lambda canvas: None)).warnings == []


def test_too_many_pages_are_refused() -> None:
    error = refusal(make.three_thousand_pages())
    assert error.reason == "has 3,000 pages; the limit is 2,000."


def test_what_unpacks_to_too_much_is_refused() -> None:
    assert refusal(make.flate_bomb(200)).reason == "holds a part that unpacks to more than 100 MB."


@pytest.mark.parametrize(
    "data",
    [
        b"", b"%PDF-1.7", b"not a PDF at all" * 50, b"\x00" * 5000, make.cyclic_tree(),
        make.truncated(), make.deep_nesting(),
        make.raw(b"<</Type/Catalog>>"),
        make.raw(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids 3/Count (x)>>"),
    ],
    ids=["empty", "head", "text", "zeros", "cyclic", "truncated", "deep", "no-pages", "nonsense"],
)  # fmt: skip
def test_what_is_damaged_is_refused(data: bytes) -> None:
    reason = refusal(data).reason
    assert "damaged" in reason or "no text" in reason


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_with_wrong_bytes_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray((FILES / "note.pdf").read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        extract = read(bytes(whole))
    except Unreadable:
        return
    assert all(block.text == on_one_line(block.text) for block in extract.blocks)


def test_a_form_that_paints_itself_ends() -> None:
    form = make.stream(
        b"BT /F1 11 Tf 72 700 Td (Ask first.) Tj ET /X Do",
        b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>",
    )
    data = make.raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>",
        make.stream(b"/X Do"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        form,
    )
    assert texts(read(data)) == ["Ask first."]


def test_nothing_is_printed_about_a_flawed_file(capfd: pytest.CaptureFixture[str]) -> None:
    whole = (FILES / "note.pdf").read_bytes()
    read(re.sub(rb"startxref\s+\d+", b"startxref\n7", whole))
    assert capfd.readouterr() == ("", "")


BOMB = """
import json, sys
from assistant.library.readers.extract import Limits, Unreadable
from assistant.library.readers.pdf import read_pdf
data = sys.stdin.buffer.read()
try:
    read_pdf(data, Limits())
    reason = ""
except Unreadable as error:
    reason = error.reason
# Not getrusage: what the process that forked this one took counts there.
(peak,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(json.dumps([reason, int(peak.split()[1]) // 1024]))
"""


def test_a_flate_bomb_takes_little_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-c", BOMB],
        input=make.flate_bomb(),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    reason, megabytes = json.loads(run.stdout)
    assert reason == "holds a part that unpacks to more than 100 MB."
    assert megabytes < 500
    assert run.stderr == b""


# Order and characters.


def test_all_paragraphs_of_two_hundred_pages_are_found() -> None:
    assert len(read(make.two_hundred_pages()).blocks) == 1000


def test_the_characters_are_those_that_pypdf_finds() -> None:
    data = make.two_hundred_pages(10)
    extract = read(data)
    plain = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    plain = re.sub(r"Page \d+ of 10", "", plain)
    assert re.sub(r"\s", "", "".join(texts(extract))) == re.sub(r"\s", "", plain)


def test_pages_of_the_assembled_text_follow_each_other() -> None:
    extract = read(make.two_hundred_pages(10))
    _, _, pages = assemble(extract.blocks, extract.labels)
    assert [page.number for page in pages] == list(range(1, 11))
    assert [page.label for page in pages] == [str(n) for n in range(1, 11)]
