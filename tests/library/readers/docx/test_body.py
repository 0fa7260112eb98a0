from assistant.library.readers.extract import Limits
from tests.library.making_files import ADVICE, paragraph, word
from tests.library.readers.docx.showing import read, refusal


def test_a_part_in_another_format_is_warned_of() -> None:
    extract = read(word(f"{paragraph(ADVICE)}<w:altChunk/>"))
    assert len(extract.warnings) == 1


def test_too_much_text_is_refused() -> None:
    data = word(paragraph("word " * 10) * 3)
    assert refusal(data, Limits(characters=100)) == "holds more than 100 characters of text."
