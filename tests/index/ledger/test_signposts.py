from pathlib import Path

from assistant.index.ledger.embeddings import text_key
from assistant.index.ledger.ledger import Ledger
from assistant.records import Signpost
from tests.corpora import (
    origin_of,
    read_file,
)


def test_every_section_and_every_question_has_its_signpost(index: Path) -> None:
    ledger = Ledger(index)
    rows = ledger.signposts.rows()
    assert [name for name, _, _ in rows] == sorted(name for name, _, _ in rows)
    sections = [f"doc-{d}:part-{s}-of-doc-{d}" for d in range(3) for s in range(3)]
    assert {name for name, _, _ in rows} == {*sections, "doc-2:?1", "doc-2:?2"}
    for name, document_id, key in rows:
        (signpost,) = ledger.signposts.get([name])
        assert signpost.document_id == document_id == name.split(":")[0]
        assert text_key(signpost.text) == key
    ledger.close()


def test_signposts_come_in_the_order_asked_as_they_were_written(index: Path) -> None:
    ledger = Ledger(index)
    asked = ["doc-2:?2", "doc-0:part-1-of-doc-0", "doc-0:nowhere", "doc-2:?1", "doc-2:?2"]
    assert ledger.signposts.get(asked) == [
        Signpost(id="doc-2:?2", document_id="doc-2", section=None, text="How long does it take?"),
        Signpost(
            id="doc-0:part-1-of-doc-0",
            document_id="doc-0",
            section="part-1-of-doc-0",
            text="Guide doc-0 > Part 1 of doc-0",
        ),
        Signpost(id="doc-2:?1", document_id="doc-2", section=None, text="Who leads?"),
        Signpost(id="doc-2:?2", document_id="doc-2", section=None, text="How long does it take?"),
    ]
    assert ledger.signposts.get([]) == []
    ledger.close()


def test_more_signposts_than_one_statement_takes_are_read(index: Path) -> None:
    ledger = Ledger(index)
    names = [name for name, _, _ in ledger.signposts.rows()]
    padded = [one for name in names for one in (name, *[f"{name}-{n}" for n in range(90)])]
    assert len(padded) > 900
    assert [signpost.id for signpost in ledger.signposts.get(padded)] == names
    ledger.close()


def test_signposts_go_with_their_document_and_with_no_other(index: Path) -> None:
    ledger = Ledger(index)
    before = ledger.signposts.rows()
    with ledger.transaction():
        ledger.remove_document("doc-2")
        ledger.remove_document("doc-7")
    assert ledger.signposts.rows() == [row for row in before if row[1] != "doc-2"]
    assert ledger.signposts.get(["doc-2:?1", "doc-2:part-0-of-doc-2"]) == []
    ledger.close()


def test_a_document_written_again_keeps_none_of_its_old_signposts(
    tmp_path: Path, index: Path
) -> None:
    ledger = Ledger(index)
    reading = read_file(tmp_path / "corpus" / "doc-2.md")
    new = Signpost(id="doc-2:?1", document_id="doc-2", section=None, text="Who pays?")
    with ledger.transaction():
        ledger.replace_document(reading.document, origin_of(reading.path), [], [new])
    assert [row[0] for row in ledger.signposts.rows() if row[1] == "doc-2"] == ["doc-2:?1"]
    assert ledger.signposts.get(["doc-2:?1"]) == [new]
    ledger.close()
