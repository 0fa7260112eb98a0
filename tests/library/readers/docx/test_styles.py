from tests.library.making_files import ADVICE, paragraph, word
from tests.library.readers.docx.showing import changed, shown


def test_a_heading_is_known_by_the_style_that_its_own_is_based_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/>'
        '<w:basedOn w:val="Heading2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Level"><w:name w:val="Own level"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )
    data = word(
        paragraph("One", "Level") + paragraph("Two", "Kapitel") + paragraph("Three", "Level")
    )
    assert shown(changed(data, "word/styles.xml", "</w:styles>", styles)) == [
        "2 One", "3 Two", "2 Three",
    ]  # fmt: skip


def test_styles_that_are_based_on_one_another_do_no_harm() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/>'
        f'<w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("A", "B"), ("B", "A"))
    )
    data = word(paragraph(ADVICE, "A"))
    assert shown(changed(data, "word/styles.xml", "</w:styles>", f"{styles}</w:styles>")) == [
        ADVICE
    ]


def test_an_outline_level_of_its_own_makes_a_paragraph_a_heading() -> None:
    made = word(
        paragraph("One", "Heading1")
        + paragraph("Two", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("Body", "Heading1", '<w:outlineLvl w:val="9"/>')
        + paragraph("Three", "Heading1")
    )
    assert shown(made) == ["2 One", "3 Two", "Body", "2 Three"]


def test_a_table_of_contents_is_left_out() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
        "</w:styles>"
    )
    data = word(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        f"</w:sdtPr><w:sdtContent>{paragraph('Who....3')}</w:sdtContent></w:sdt>"
        f"{paragraph('When....4', 'Verzeichnis1')}{paragraph(ADVICE)}"
    )
    assert shown(changed(data, "word/styles.xml", "</w:styles>", styles)) == [ADVICE]
