import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DocumentNotFound, IndexMissing, IndexOutdated
from assistant.index.ledger import Ledger, text_key
from assistant.index.reader import Index
from assistant.library.reading import READERS_VERSION
from assistant.library.signposts import SIGNPOSTS_VERSION
from assistant.records import Signpost, SourcePart
from tests.corpora import (
    build_small,
    contents_of,
    faults_of,
    origin_of,
    read_file,
    write_corpus,
    write_document,
)
from tests.fakes import WordHashModel

TO_VERSION_2 = (
    *(f"DROP TABLE {table}" for table in ("pages", "versions", "added", "refused")),
    *(f"ALTER TABLE documents DROP COLUMN {c}" for c in ("key", "folder", "state", "warnings")),
    "ALTER TABLE chunks DROP COLUMN anchor",
    "PRAGMA user_version = 2",
)
TO_VERSION_1 = (*TO_VERSION_2, "DROP TABLE signposts", "PRAGMA user_version = 1")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Nine chunks in nine sections of three documents, one of which names two questions."""
    corpus = write_corpus(tmp_path / "corpus", 3)
    write_document(corpus, "doc-2", "first 2", questions=["Who leads?", "How long does it take?"])
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"


def change(index: Path, *statements: str) -> None:
    with closing(sqlite3.connect(index / "ledger.db", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_there_is_no_ledger_where_none_was_built(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="There is no index"):
        Ledger(tmp_path)


def test_a_ledger_of_a_version_not_known_is_neither_read_nor_built_on(index: Path) -> None:
    change(index, "PRAGMA user_version = 99")
    for create in (False, True):
        with pytest.raises(IndexOutdated, match="another version") as caught:
            Ledger(index, create)
        assert caught.value.remedy == f"Remove the folder {index} and run: assistant build"


def test_a_ledger_without_signposts_is_not_read_but_can_be_built_on(tmp_path: Path) -> None:
    Ledger(tmp_path, create=True).close()
    change(tmp_path, *TO_VERSION_1)
    with pytest.raises(IndexOutdated, match="another version") as caught:
        Ledger(tmp_path)
    assert caught.value.remedy == "Run: assistant build"
    Ledger(tmp_path, create=True).close()
    ledger = Ledger(tmp_path)
    assert ledger.signpost_keys() == []
    ledger.close()


def test_a_ledger_that_was_refused_is_left_as_it_was(index: Path) -> None:
    change(index, *TO_VERSION_1)
    for _ in range(2):
        with pytest.raises(IndexOutdated):
            Ledger(index)


def test_a_build_upgrades_an_index_without_signposts_and_all_is_found_again(
    tmp_path: Path, index: Path
) -> None:
    before = contents_of(index)
    ledger = Ledger(index)
    texts = {post.text for post in ledger.signposts([row[0] for row in ledger.signpost_keys()])}
    ledger.close()
    # What the product before signposts left: nothing of it knows of them.
    change(
        index,
        "DELETE FROM embeddings WHERE key IN (SELECT key FROM signposts)",
        *TO_VERSION_1,
        f"UPDATE state SET value = replace(value, ' signposts {SIGNPOSTS_VERSION}', '')",
    )
    model = WordHashModel()
    report = build_small(index, tmp_path / "corpus", model)
    assert (report.documents, report.chunks, report.refused) == (3, 9, ())
    assert sorted(model.encoded) == sorted(texts)  # the chunks are not embedded again
    assert contents_of(index) == before
    assert faults_of(index) == []
    reader = Index(index, model)
    with reader.view() as view:
        for text in ("Guide doc-1 > Part 0 of doc-1", "Who leads?"):
            (found, near), *_ = view.nearest_signposts(model.encode_question(text), 1)
            assert (found.text, near) == (text, 1.0)
    reader.close()


def test_a_build_upgrades_an_index_without_files_and_embeds_nothing_again(
    tmp_path: Path, index: Path
) -> None:
    before = contents_of(index)
    change(
        index,
        *TO_VERSION_2,
        f"UPDATE state SET value = replace(value, 'readers {READERS_VERSION} ', '')",
    )
    model = WordHashModel()
    assert build_small(index, tmp_path / "corpus", model).documents == 3
    assert model.encoded == []
    assert contents_of(index) == before
    assert faults_of(index) == []
    ledger = Ledger(index)
    assert ledger.source_of("doc-1", ledger.text_of("doc-1")[0][:8])[2] is False
    ledger.close()


def test_a_document_is_found_by_its_id_alone(index: Path) -> None:
    ledger = Ledger(index)
    sha256, text = ledger.text_of("doc-1")
    assert len(sha256) == 64
    assert text.startswith("Guide doc-1\n\nPart 0 of doc-1\n\n")
    with pytest.raises(DocumentNotFound, match="'doc-7'"):
        ledger.text_of("doc-7")
    ledger.close()


def test_chunks_come_in_the_order_asked_with_their_exact_text(index: Path) -> None:
    ledger = Ledger(index)
    names = ["doc-2:part-1-of-doc-2:1", "doc-0:part-0-of-doc-0:1"]
    chunks = ledger.chunks([*names, "doc-0:nowhere:1"])
    assert [chunk.id for chunk in chunks] == names
    for chunk in chunks:
        assert ledger.text_of(chunk.document_id)[1][chunk.start : chunk.end] == chunk.text
        assert len(chunk.sentences) == 4
    ledger.close()


def test_the_parts_of_a_document_are_its_chunks_in_the_order_of_the_text(index: Path) -> None:
    ledger = Ledger(index)
    _, text = ledger.text_of("doc-1")
    parts = ledger.parts("doc-1")
    chunks = ledger.chunks([f"doc-1:part-{n}-of-doc-1:1" for n in range(3)])
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
    before = ledger.parts("doc-1")
    chunks = ledger.chunks([f"doc-1:part-{n}-of-doc-1:1" for n in (2, 0, 1)])
    with ledger.transaction():
        reading = read_file(tmp_path / "corpus" / "doc-1.md")
        ledger.replace_document(reading.document, origin_of(reading.path), chunks, [])
    assert ledger.parts("doc-1") == before
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
    _, text = ledger.text_of("nested")
    parts = [(part.section, text[part.start : part.end]) for part in ledger.parts("nested")]
    ledger.close()
    assert parts == [
        ("", "Opening words."), ("Start", "Ask first."), ("Start > Who", "The team."),
    ]  # fmt: skip


def test_a_document_that_is_not_there_or_not_any_more_has_no_parts(index: Path) -> None:
    ledger = Ledger(index)
    others = ledger.parts("doc-1")
    with ledger.transaction():
        ledger.remove_document("doc-0")
    assert ledger.parts("doc-0") == ledger.parts("doc-7") == ledger.parts("") == []
    assert ledger.parts("doc-1") == others
    ledger.close()


def test_every_section_and_every_question_has_its_signpost(index: Path) -> None:
    ledger = Ledger(index)
    rows = ledger.signpost_keys()
    assert [name for name, _, _ in rows] == sorted(name for name, _, _ in rows)
    sections = [f"doc-{d}:part-{s}-of-doc-{d}" for d in range(3) for s in range(3)]
    assert {name for name, _, _ in rows} == {*sections, "doc-2:?1", "doc-2:?2"}
    for name, document_id, key in rows:
        (signpost,) = ledger.signposts([name])
        assert signpost.document_id == document_id == name.split(":")[0]
        assert text_key(signpost.text) == key
    ledger.close()


def test_signposts_come_in_the_order_asked_as_they_were_written(index: Path) -> None:
    ledger = Ledger(index)
    asked = ["doc-2:?2", "doc-0:part-1-of-doc-0", "doc-0:nowhere", "doc-2:?1", "doc-2:?2"]
    assert ledger.signposts(asked) == [
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
    assert ledger.signposts([]) == []
    ledger.close()


def test_more_signposts_than_one_statement_takes_are_read(index: Path) -> None:
    ledger = Ledger(index)
    names = [name for name, _, _ in ledger.signpost_keys()]
    padded = [one for name in names for one in (name, *[f"{name}-{n}" for n in range(90)])]
    assert len(padded) > 900
    assert [signpost.id for signpost in ledger.signposts(padded)] == names
    ledger.close()


def test_signposts_go_with_their_document_and_with_no_other(index: Path) -> None:
    ledger = Ledger(index)
    before = ledger.signpost_keys()
    with ledger.transaction():
        ledger.remove_document("doc-2")
        ledger.remove_document("doc-7")
    assert ledger.signpost_keys() == [row for row in before if row[1] != "doc-2"]
    assert ledger.signposts(["doc-2:?1", "doc-2:part-0-of-doc-2"]) == []
    ledger.close()


def test_a_document_written_again_keeps_none_of_its_old_signposts(
    tmp_path: Path, index: Path
) -> None:
    ledger = Ledger(index)
    reading = read_file(tmp_path / "corpus" / "doc-2.md")
    new = Signpost(id="doc-2:?1", document_id="doc-2", section=None, text="Who pays?")
    with ledger.transaction():
        ledger.replace_document(reading.document, origin_of(reading.path), [], [new])
    assert [row[0] for row in ledger.signpost_keys() if row[1] == "doc-2"] == ["doc-2:?1"]
    assert ledger.signposts(["doc-2:?1"]) == [new]
    ledger.close()


def test_words_match_by_their_stems_and_filters_hold(index: Path) -> None:
    ledger = Ledger(index)
    everywhere = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50)}
    assert everywhere == {"doc-0", "doc-1", "doc-2"}
    only = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50, only=["doc-1"])}
    assert only == {"doc-1"}
    rest = {name.split(":")[0] for name, _ in ledger.match(["guides"], 50, without=["doc-1"])}
    assert rest == {"doc-0", "doc-2"}
    ledger.close()


def test_words_match_together_where_all_of_them_stand(index: Path) -> None:
    with closing(Ledger(index)) as ledger:
        either = ledger.match(["guides", "nowhere"], 50)
        both = ledger.match(["guides", "nowhere"], 50, together=True)
        (one, _), *_ = ledger.match(["guides"], 1)
        alone = ledger.match(["guides"], 50, together=True)
    assert either == alone
    assert one == alone[0][0]
    assert both == []


@pytest.mark.parametrize("term", ['"', 'a"b', "NEAR(", "*", "guide OR", "x'); DROP TABLE chunks"])
def test_no_query_can_break_out_of_its_quotes(index: Path, term: str) -> None:
    ledger = Ledger(index)
    ledger.match([term], 5)
    assert ledger.chunk_count() == 9
    ledger.close()


def test_document_frequency_counts_chunks_and_knows_what_is_missing(index: Path) -> None:
    ledger = Ledger(index)
    assert ledger.document_frequency(["guid", "kubernet"]) == {"guid": 9, "kubernet": 0}
    ledger.close()


def test_embeddings_come_back_exactly_and_by_model(index: Path) -> None:
    ledger = Ledger(index)
    keys = [text_key("one"), text_key("two")]
    vectors = np.array([[0.5, -0.25], [1.0, 0.125]], dtype=np.float32)
    ledger.add_embeddings(keys, vectors, "model a")
    assert ledger.missing_embeddings(keys, "model a") == set()
    assert ledger.missing_embeddings(keys, "model b") == set(keys)
    again = ledger.embeddings([keys[1], keys[0], keys[1]], "model a")
    assert np.array_equal(again, vectors[[1, 0, 1]])
    ledger.close()


def test_no_keys_give_an_empty_array(index: Path) -> None:
    ledger = Ledger(index)
    vectors = ledger.embeddings([], "word-hash")
    assert vectors.size == len(vectors) == 0
    assert vectors.dtype == np.float32
    assert ledger.missing_embeddings([], "word-hash") == set()
    ledger.close()


def test_an_embedding_that_is_not_there_is_no_vector(index: Path) -> None:
    ledger = Ledger(index)
    with pytest.raises(KeyError):
        ledger.embeddings([text_key("never seen")], "word-hash")
    ledger.close()


def test_a_failed_transaction_leaves_nothing(index: Path) -> None:
    ledger = Ledger(index)

    def fail() -> None:
        with ledger.transaction():
            ledger.remove_document("doc-0")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.chunk_count() == 9
    assert len(ledger.signpost_keys()) == 11
    ledger.close()
