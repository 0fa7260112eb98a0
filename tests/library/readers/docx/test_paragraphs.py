import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.blocks import on_one_line
from tests.library.making_files import ADVICE, paragraph, word, word_file
from tests.library.readers.docx.showing import read, run, shown


def test_a_whole_paragraph_in_the_style_of_a_heading_is_a_paragraph() -> None:
    long = " ".join(["word"] * 41)
    assert shown(word(paragraph(long, "Heading1"))) == [long]


def test_the_anchor_of_a_heading_is_its_bookmark() -> None:
    def mark(name: str) -> str:
        return f'<w:bookmarkStart w:id="1" w:name="{name}"/>'

    made = word(
        f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{mark("_Toc1")}{mark("who")}{run("Who")}'
        f"</w:p>{mark('when')}{paragraph('When', 'Heading1')}{paragraph('How', 'Heading1')}"
        f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{mark("_GoBack")}{run("Why")}</w:p>'
    )
    assert [(block.text, block.anchor) for block in read(made).blocks] == [
        ("Who", "who"), ("When", "when"), ("How", None), ("Why", None),
    ]  # fmt: skip


def test_markers_that_were_typed_are_markers() -> None:
    made = word(paragraph("•\tin school") + paragraph("2) act on it") + paragraph("2019 was good"))
    assert shown(made) == ["- in school", "2. act on it", "2019 was good"]


@pytest.mark.parametrize(
    ("typed", "is_shown"),
    [
        ("a) ask", "a. ask"), ("b. ask", "b. ask"), ("(c) ask", "c. ask"), ("i. ask", "i. ask"),
        ("iii) ask", "iii. ask"), ("(2) ask", "2. ask"), ("A. Lee asks", "A. Lee asks"),
        ("as. ask", "as. ask"), ("a ask", "a ask"), ("a)ask", "a)ask"),
    ],
)  # fmt: skip
def test_letters_that_were_typed_are_markers(typed: str, is_shown: str) -> None:
    assert shown(word(paragraph(typed))) == [is_shown]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))))
def test_every_paragraph_is_found_on_one_line(texts: list[str]) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph(ADVICE)
        for text in texts:
            document.add_paragraph(f"Say {text} now.")

    extract = read(word_file(fill))
    assert [block.text for block in extract.blocks] == [
        ADVICE,
        *(on_one_line(f"Say {text} now.") for text in texts),
    ]


def test_a_bookmark_that_a_person_named_is_found_before_the_heading_too() -> None:
    marks = (
        '<w:bookmarkStart w:id="1" w:name="who"/><w:bookmarkStart w:id="2" w:name="_Toc1"/>'
        '<w:bookmarkEnd w:id="1"/>'
    )
    made = word(f"{paragraph(ADVICE)}{marks}{paragraph('Who', 'Heading1')}{paragraph(ADVICE)}")
    assert [block.anchor for block in read(made).blocks] == [None, "who", None]
