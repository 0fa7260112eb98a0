from pathlib import Path

from assistant.index.ledger.ledger import Ledger
from assistant.records import SourcePart
from tests.corpora import (
    build_small,
    origin_of,
    read_file,
)


def test_chunks_come_in_the_order_asked_with_their_exact_text(index: Path) -> None:
    ledger = Ledger(index)
    names = ["doc-2:part-1-of-doc-2:1", "doc-0:part-0-of-doc-0:1"]
    chunks = ledger.chunks.get([*names, "doc-0:nowhere:1"])
    assert [chunk.id for chunk in chunks] == names
    for chunk in chunks:
        assert ledger.texts.of(chunk.document_id)[1][chunk.start : chunk.end] == chunk.text
        assert len(chunk.sentences) == 4
    ledger.close()


def test_the_parts_of_a_document_are_its_chunks_in_the_order_of_the_text(index: Path) -> None:
    ledger = Ledger(index)
    _, text = ledger.texts.of("doc-1")
    parts = ledger.chunks.parts_of("doc-1")
    chunks = ledger.chunks.get([f"doc-1:part-{n}-of-doc-1:1" for n in range(3)])
    ledger.close()
    assert parts == [
        SourcePart(start=chunk.start, end=chunk.end, section=f"Part {n} of doc-1")
        for n, chunk in enumerate(chunks)
    ]
    shown = [line for part in parts for line in (part.section, text[part.start : part.end])]
    assert text == "\n\n".join(["Guide doc-1", *shown])


def test_parts_follow_the_text_and_not_the_order_in_which_they_were_written(
    tmp_path: Path, index: Path
) -> None:
    ledger = Ledger(index)
    before = ledger.chunks.parts_of("doc-1")
    chunks = ledger.chunks.get([f"doc-1:part-{n}-of-doc-1:1" for n in (2, 0, 1)])
    with ledger.transaction():
        reading = read_file(tmp_path / "corpus" / "doc-1.md")
        ledger.replace_document(reading.document, origin_of(reading.path), chunks, [])
    assert ledger.chunks.parts_of("doc-1") == before
    ledger.close()


def test_a_part_names_all_the_headings_that_it_stands_below(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "nested.md").write_text(
        "# A guide\n\nOpening words.\n\n## Start\n\nAsk first.\n\n### Who\n\nThe team.\n\n"
        "## References\n\nLane A. On plans.\n",
        "utf-8",
    )
    build_small(tmp_path / "index", corpus)
    ledger = Ledger(tmp_path / "index")
    _, text = ledger.texts.of("nested")
    parts = [
        (part.section, text[part.start : part.end]) for part in ledger.chunks.parts_of("nested")
    ]
    ledger.close()
    assert parts == [
        ("", "Opening words."), ("Start", "Ask first."), ("Start > Who", "The team."),
    ]  # fmt: skip


def test_a_document_that_is_not_there_or_not_any_more_has_no_parts(index: Path) -> None:
    ledger = Ledger(index)
    others = ledger.chunks.parts_of("doc-1")
    with ledger.transaction():
        ledger.remove_document("doc-0")
    assert (
        ledger.chunks.parts_of("doc-0")
        == ledger.chunks.parts_of("doc-7")
        == ledger.chunks.parts_of("")
        == []
    )
    assert ledger.chunks.parts_of("doc-1") == others
    ledger.close()
