from docx.document import Document
from docx.shared import Pt

from tests.library.making_files import ADVICE, paragraph, word, word_file
from tests.library.readers.docx.showing import run, shown


def test_the_title_stands_above_the_headings() -> None:
    assert shown(
        word(
            paragraph("The plan", "Title")
            + paragraph("Who helps", "Heading1")
            + paragraph("A lead does.")
            + paragraph("When", "Heading2")
            + paragraph("How much", "Heading1")
        )
    ) == ["1 The plan", "2 Who helps", "A lead does.", "3 When", "2 How much"]


def test_two_lines_in_the_style_of_a_title_are_one_title() -> None:
    made = word(paragraph("The plan", "Title") + paragraph("for 2024", "Title") + paragraph("Ask."))
    assert shown(made) == ["1 The plan for 2024", "Ask."]


def test_a_later_title_is_a_section() -> None:
    made = word(paragraph("The plan", "Title") + paragraph("Ask.") + paragraph("Part two", "Title"))
    assert shown(made) == ["1 The plan", "Ask.", "2 Part two"]


def test_a_subtitle_is_no_title() -> None:
    made = word(paragraph("The plan", "Title") + paragraph("For coaches", "Subtitle"))
    assert shown(made) == ["1 The plan", "For coaches"]


def test_a_lone_first_heading_is_the_title() -> None:
    made = word(
        paragraph("The plan", "Heading1") + paragraph("Who", "Heading2") + paragraph("A lead.")
    )
    assert shown(made) == ["1 The plan", "2 Who", "A lead."]


def test_without_a_title_all_headings_are_sections() -> None:
    made = word(paragraph("Who", "Heading1") + paragraph("Ann.") + paragraph("When", "Heading1"))
    assert shown(made) == ["2 Who", "Ann.", "2 When"]


def test_short_bold_paragraphs_are_headings_where_no_style_marks_any() -> None:
    def fill(document: Document) -> None:
        title = document.add_paragraph().add_run("The plan")
        title.bold, title.font.size = True, Pt(20)
        for head, text in (("Who helps", "A lead."), ("When", "In May.")):
            document.add_paragraph().add_run(head).bold = True
            document.add_paragraph(text)
        document.add_paragraph().add_run("Never do this alone.").bold = True
        mixed = document.add_paragraph("Note ")
        mixed.add_run("well").bold = True
        document.add_paragraph().add_run("The end").bold = True

    assert shown(word_file(fill)) == [
        "1 The plan", "2 Who helps", "A lead.", "2 When", "In May.", "Never do this alone.",
        "Note well", "The end",
    ]  # fmt: skip


def test_bold_paragraphs_are_no_headings_beside_real_ones() -> None:
    made = word(
        f"{paragraph('Who', 'Heading1')}<w:p>{run('A lead', '<w:b/>')}</w:p>"
        f"{paragraph('When', 'Heading1')}"
    )
    assert shown(made) == ["2 Who", "A lead", "2 When"]


def test_a_lone_bold_paragraph_is_a_section_and_no_title() -> None:
    made = word(f"{paragraph(ADVICE)}<w:p>{run('Who', '<w:b/>')}</w:p>{paragraph('A lead.')}")
    assert shown(made) == [ADVICE, "2 Who", "A lead."]
