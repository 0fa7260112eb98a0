from tests.library.making_files import paragraph, word
from tests.library.readers.docx.showing import run, shown


def test_content_controls_are_read_and_their_prompts_are_not() -> None:
    made = word(
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"
        f"<w:p>{run('Ask ')}<w:sdt><w:sdtContent>{run('first.')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here.')}"
        "</w:sdtContent></w:sdt></w:p>"
    )
    assert shown(made) == ["In a control.", "Ask first."]
