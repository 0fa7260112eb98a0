import subprocess
import sys
from pathlib import Path

import pytest

from tests.library.making_files import (
    ADVICE,
    external_entity,
    lying_about_its_size,
    paragraph,
    web_page,
    with_macros,
    with_parts,
    word,
    zip_bomb,
)
from tests.library.readers.docx.showing import refusal, shown

MAIN = "word/document.xml"


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert len(zip_bomb()) < 1_000_000
    assert refusal(zip_bomb()).startswith("unpacks to 6")


def test_a_part_packed_too_well_is_refused() -> None:
    data = with_parts(word(paragraph(ADVICE)), {MAIN: b" " * 5_000_000})
    assert "unpacks to 5 MB" in refusal(data)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    assert refusal(lying_about_its_size()) == "is damaged or incomplete."


def test_entities_are_refused() -> None:
    assert refusal(external_entity()).startswith("refers to entities, which no Word document needs")


def test_entities_in_another_encoding_are_refused() -> None:
    main = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'
    data = with_parts(word(paragraph(ADVICE)), {MAIN: main.encode("utf-16")})
    assert refusal(data).startswith("refers to entities")


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(word(paragraph(ADVICE)))
    place = data.index(b"PK\x01\x02")
    while place != -1:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 1)
    assert refusal(bytes(data)) == "is encrypted."


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_document_is_damaged(part: float) -> None:
    data = word(paragraph(ADVICE))
    assert refusal(data[: int(part * len(data))]) == "is damaged or incomplete."


def test_another_archive_is_no_word_document() -> None:
    data = with_parts(word(paragraph(ADVICE)), {MAIN: None})
    assert refusal(data) == "is not a Word document."
    assert refusal(web_page(ADVICE)) == "is damaged or incomplete."


def test_the_strict_kind_is_named() -> None:
    data = with_parts(
        word(""),
        {MAIN: b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'},
    )
    assert "Strict" in refusal(data)


def test_macros_and_names_that_lead_out_of_the_folder_do_no_harm(tmp_path: Path) -> None:
    assert shown(with_macros()) == [ADVICE]
    outside = tmp_path / "outside.xml"
    data = with_parts(word(paragraph(ADVICE)), {f"../../../../../../..{outside}": b"<a/>"})
    assert shown(data) == [ADVICE]
    assert not outside.exists()


def test_what_is_hostile_stays_within_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(zip_bomb())
    program = (
        "import resource, sys, tracemalloc\n"
        "resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))\n"
        "from assistant.library.readers.docx import read_docx\n"
        "from assistant.library.readers.extract import Limits, Unreadable\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "tracemalloc.start()\n"
        "try: read_docx(data, Limits())\n"
        "except Unreadable: print(tracemalloc.get_traced_memory()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 10_000_000  # bytes
