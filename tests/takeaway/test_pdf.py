from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from assistant.records import Claim
from assistant.takeaway.paper import A4, Layout, Paper, Run, Table, paragraph, words
from assistant.takeaway.pdf import pdf
from tests.coaching.sample import QUOTES, sample_plan, sample_series
from tests.takeaway.sample import QUOTES as CITED
from tests.takeaway.sample import quoted_answer, strange_plan, taken, written_answer


def opened(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def said(data: bytes) -> str:
    """All words, as if they stood on one line."""
    text = " ".join(page.extract_text() for page in opened(data).pages)
    return " ".join(text.replace("\u200b", "").split())


def root(data: bytes) -> Any:
    return opened(data).trailer["/Root"]


def tags(data: bytes) -> list[str]:
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            found.append(str(node.get("/S", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(root(data)["/StructTreeRoot"]["/K"])
    return found


def test_every_word_of_a_plan_is_there() -> None:
    text = said(taken(sample_plan(), "pdf"))
    for expected in ("Item 4: Five whys (0:35 to 1:05, 30 minutes)", "yes / partly / not yet"):
        assert expected in text
    assert all(f"“{quote}”" in text for quote in QUOTES)


def test_footnotes_have_the_numbers_of_their_citations() -> None:
    ideas = (
        Claim(text=QUOTES[1], support="verbatim", citations=(2,)),
        Claim(text=QUOTES[0], support="verbatim", citations=(1,)),
    )
    text = said(taken(sample_plan(ideas=ideas), "pdf"))
    assert "2Why explore first? (2)" in text
    assert "1Why explore first? (1)" in text


def test_every_citation_of_an_answer_is_a_footnote_and_a_source() -> None:
    text = said(taken(quoted_answer(), "pdf"))
    assert all(f"“{quote}”" in text for quote in CITED)
    assert "https://example.org/2, cited as 3, 4" in text
    assert "Ask again.1 2" in text


def test_it_is_tagged_in_british_english_with_its_title() -> None:
    data = taken(sample_plan(), "pdf")
    assert root(data)["/Lang"] == "en-GB"
    assert root(data)["/MarkInfo"]["/Marked"]
    about = opened(data).metadata
    assert about is not None
    assert about.title == sample_plan().title
    assert about.author is None
    assert b"pdfuaid" in root(data)["/Metadata"].get_data()


def test_headings_lists_and_tables_are_tagged() -> None:
    found = tags(taken(sample_plan(), "pdf"))
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Note"} <= set(found)
    assert found.count("/TH") == 5 + 4 + 2 + 4 + 5


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_the_page_has_the_size_that_was_asked_for(paper: Any, size: tuple[int, int]) -> None:
    box = opened(taken(sample_plan(), "pdf", Layout(paper=paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def sizes(data: bytes) -> list[float]:
    found: set[float] = set()
    for page in opened(data).pages:
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, size: (
                found.add(round(size * abs(tm[3]), 1)) if text.strip() else None
            )
        )
    return sorted(found)


def test_large_print_is_nowhere_smaller_than_18_points_but_for_raised_numbers() -> None:
    large = sizes(taken(sample_plan(), "pdf", Layout(large=True)))
    assert [size for size in large if size < 18] == [size for size in large if size < 13]
    assert max(large) == 30
    assert min(sizes(taken(sample_plan(), "pdf"))) < 18


def test_pages_are_numbered() -> None:
    pages = opened(taken(sample_series(), "pdf")).pages
    assert f"2 / {len(pages)}" in pages[1].extract_text()


def test_no_text_is_read_as_markup() -> None:
    text = "#import \"x\" *a* _b_ $c$ = d `e` @f <g> \\ // h https://i.j #panic() 'q' -- ..."
    table = Table(name="n", item="i", header=(text,), widths=(1,), rows=((words(text),),))
    made = pdf(Paper(kind="answer", title=text, blocks=(paragraph(text), table), notes=()), A4)
    found = "".join(said(made).split())
    assert found.count("".join(text.split())) == 4  # title, paragraph, header, cell


def test_what_no_font_has_is_no_failure() -> None:
    made = taken(quoted_answer(question="Ready? 中文 😀 \U0001f9ff"), "pdf")
    assert "Ready?" in said(made)
    assert "/StructTreeRoot" in root(made)


def test_strange_text_does_no_harm() -> None:
    assert "x" * 500 in "".join(said(taken(strange_plan(), "pdf")).split())


def test_a_written_answer_keeps_its_marks() -> None:
    text = said(taken(written_answer(), "pdf"))
    assert "(word for word)" in text
    assert "(Not supported: the passage speaks of something else.)" in text


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert taken(sample_plan(), "pdf") == taken(sample_plan(), "pdf")


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_can_be_set(text: str) -> None:
    runs = (Run(text=text, bold=True), Run(text=text, italic=True))
    block = paragraph(text).model_copy(update={"runs": runs})
    paper = Paper(kind="answer", title=text, blocks=(block,), notes=())
    assert opened(pdf(paper, A4)).pages
