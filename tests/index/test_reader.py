import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DocumentNotFound, IndexDamaged, IndexMissing, IndexOutdated
from assistant.index.ledger.ledger import Ledger
from assistant.index.ledger.words import WordRecords
from assistant.index.reader import Index
from assistant.records import Signpost, Source, SourcePart
from tests.corpora import build_small, faults_of, write_corpus, write_document
from tests.fakes import WordHashModel


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", 3)


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"


def test_an_open_index_picks_up_the_next_generation(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        before = view.fingerprint
        assert view.chunk_count() == 9
    write_document(corpus, "doc-9", seed="first 9")
    build_small(index, corpus)
    with reader.view() as view:
        assert view.chunk_count() == 12
        assert view.fingerprint != before
        assert len(view.nearest(WordHashModel().encode_question("teams"), 50)) == 12
    reader.close()


def test_a_view_stays_what_it_was_while_a_build_goes_live(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        (corpus / "doc-0.md").unlink()
        build_small(index, corpus)
        found = view.nearest(WordHashModel().encode_question("teams"), 50)
        assert view.chunk_count() == 9
        assert len(view.chunks([name for name, _ in found])) == 9
    with reader.view() as view:
        assert view.chunk_count() == 6
    reader.close()


def test_signposts_are_found_by_meaning_best_first_and_by_document(
    index: Path, corpus: Path
) -> None:
    write_document(corpus, "doc-9", "first 9", questions=["Who leads?", "How long does it take?"])
    build_small(index, corpus)
    model = WordHashModel()
    reader = Index(index, model)
    with reader.view() as view:
        asked = model.encode_question("who leads")
        found = view.nearest_signposts(asked, 100)
        (best, near), *_ = found
        only = view.nearest_signposts(asked, 100, only=["doc-1", "doc-9"], without=["doc-9"])
        nowhere = view.nearest_signposts(asked, 5, only=["nowhere"])
    reader.close()
    assert best == Signpost(id="doc-9:?1", document_id="doc-9", section=None, text="Who leads?")
    assert near == 1.0
    assert len(found) == 4 * 3 + 2
    assert found == sorted(found, key=lambda one: (-one[1], one[0].id))
    assert [signpost.document_id for signpost, _ in only] == ["doc-1"] * 3
    assert nowhere == []


def test_no_more_signposts_are_given_than_were_asked_for_and_no_chunk_is_one(index: Path) -> None:
    model = WordHashModel()
    reader = Index(index, model)
    with reader.view() as view:
        chunk = view.chunks(["doc-1:part-1-of-doc-1:1"])[0]
        found = view.nearest_signposts(model.encode_question(chunk.embedded_text), 2)
        chunks = {name for name, _ in view.nearest(model.encode_question("guide"), 100)}
    reader.close()
    assert len(found) == 2
    assert all(near < 1 for _, near in found)
    assert len(chunks) == 9
    assert not chunks & {signpost.id for signpost, _ in found}


def test_signposts_come_in_the_order_asked_with_the_vectors_of_their_texts(index: Path) -> None:
    model = WordHashModel()
    reader = Index(index, model)
    names = ["doc-2:part-0-of-doc-2", "doc-0:part-1-of-doc-0", "doc-2:part-2-of-doc-2"]
    with reader.view() as view:
        signposts = view.signposts([*names, "doc-2:nowhere"])
        vectors = view.signpost_vectors(signposts)
        none = view.signpost_vectors(view.signposts([]))
    reader.close()
    assert [signpost.id for signpost in signposts] == names
    assert np.array_equal(vectors, model.encode([signpost.text for signpost in signposts]))
    assert len(none) == 0


def test_questions_that_a_document_gains_and_loses_go_live_with_the_next_build(
    index: Path, corpus: Path
) -> None:
    reader = Index(index, WordHashModel())
    fingerprints = []
    for questions in (["Who leads?", "Who pays?"], ["Who pays?"], []):
        write_document(corpus, "doc-1", "first 1", questions=questions)  # its text stays
        report = build_small(index, corpus)
        assert (report.replaced, report.unchanged, report.chunks) == (1, 2, 9)
        with reader.view() as view:
            signposts = view.signposts(["doc-1:?1", "doc-1:?2"])
            fingerprints.append(view.fingerprint)
        assert [signpost.text for signpost in signposts] == questions
        assert faults_of(index) == []
    reader.close()
    assert len(set(fingerprints)) == 3


def test_an_open_view_keeps_the_signposts_of_a_document_that_goes(
    index: Path, corpus: Path
) -> None:
    model = WordHashModel()
    reader = Index(index, model)
    with reader.view() as view:
        (corpus / "doc-0.md").unlink()
        build_small(index, corpus)
        found = [post for post, _ in view.nearest_signposts(model.encode_question("part"), 50)]
        assert len(found) == 9
        assert len(view.signpost_vectors(found)) == 9
    with reader.view() as view:
        found = [post for post, _ in view.nearest_signposts(model.encode_question("part"), 50)]
    reader.close()
    assert {signpost.document_id for signpost in found} == {"doc-1", "doc-2"}


def source_of(index: Path, document_id: str) -> Source:
    reader = Index(index, WordHashModel())
    try:
        with reader.view() as view:
            return view.source(document_id)
    finally:
        reader.close()


def test_a_source_is_all_that_is_known_of_a_document_with_its_text(
    index: Path, corpus: Path
) -> None:
    (corpus / "plan.md").write_text(
        "---\ntitle: A plan\nid: our.plan\npublisher: Us\nyear: 2021\n"
        "url: https://original.example/plan\n---\n\n## Start\n\nAsk first.\n\n## Then\n\nAct.\n",
        "utf-8",
    )
    build_small(index, corpus)
    text = "Start\n\nAsk first.\n\nThen\n\nAct."
    assert source_of(index, "our.plan") == Source(
        document_id="our.plan",
        title="A plan",
        publisher="Us",
        year=2021,
        url="https://original.example/plan",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        parts=(
            SourcePart(start=7, end=17, section="Start"),
            SourcePart(start=25, end=29, section="Then"),
        ),
        file="plan.md",
    )


def test_a_source_of_which_little_is_known_says_nothing_of_the_rest(index: Path) -> None:
    found = source_of(index, "doc-1")
    assert (found.title, found.publisher, found.year, found.url) == (
        "Guide doc-1",
        None,
        None,
        None,
    )
    assert [part.section for part in found.parts] == [f"Part {n} of doc-1" for n in range(3)]


def test_the_source_of_a_document_that_is_not_there_is_an_error(index: Path) -> None:
    with pytest.raises(DocumentNotFound, match="No document 'doc-7' is in the index"):
        source_of(index, "doc-7")


def test_a_source_stays_as_its_view_sees_it_and_goes_with_its_document(
    index: Path, corpus: Path
) -> None:
    before = source_of(index, "doc-0")
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        (corpus / "doc-0.md").unlink()
        write_document(corpus, "doc-1", seed="second 1", sections=4)
        build_small(index, corpus)
        assert view.source("doc-0") == before
        assert len(view.source("doc-1").parts) == 3
    with reader.view() as view:
        assert len(view.source("doc-1").parts) == 4
        with pytest.raises(DocumentNotFound):
            view.source("doc-0")
    reader.close()


def test_an_index_built_before_signposts_is_refused_with_the_command_that_repairs_it(
    index: Path,
) -> None:
    with closing(sqlite3.connect(index / "ledger.db", isolation_level=None)) as db:
        db.execute("DROP TABLE signposts")
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(IndexOutdated) as caught:
        Index(index, WordHashModel())
    assert caught.value.remedy == "Run: assistant build"


def test_an_index_of_another_model_is_refused_with_the_command_that_repairs_it(
    index: Path,
) -> None:
    with pytest.raises(IndexOutdated, match="assistant build"):
        Index(index, WordHashModel("another"))


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="nowhere"):
        Index(tmp_path / "nowhere", WordHashModel())


def test_a_build_that_never_went_live_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    Ledger(tmp_path / "index", create=True).close()
    with pytest.raises(IndexMissing, match="no finished index"):
        Index(tmp_path / "index", WordHashModel())


def test_a_lost_generation_is_an_error_and_not_an_empty_answer(index: Path) -> None:
    import shutil

    shutil.rmtree(index / "generations" / "1")
    with pytest.raises(IndexDamaged, match="missing"):
        Index(index, WordHashModel())


def test_a_ledger_that_is_no_database_is_an_error_that_says_what_to_do(index: Path) -> None:
    for path in index.glob("ledger.db*"):
        path.unlink()
    (index / "ledger.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexDamaged, match="Remove the folder"):
        Index(index, WordHashModel())


def test_changed_and_missing_files_are_noticed(index: Path, corpus: Path) -> None:
    reader = Index(index, WordHashModel())
    assert reader.stale_files() == []
    write_document(corpus, "doc-0", seed="second 0", sections=4)
    (corpus / "doc-2.md").unlink()
    assert sorted(path.name for path in reader.stale_files()) == ["doc-0.md", "doc-2.md"]
    reader.close()


def test_the_chunks_at_a_stretch_are_those_that_share_text_with_it(index: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        parts = view.source("doc-1").parts
        assert len(parts) == 3
        for part in parts:
            (chunk,) = view.chunks_at("doc-1", part.start, part.end)
            assert (chunk.document_id, chunk.start, chunk.end) == ("doc-1", part.start, part.end)
            assert view.chunks_at("doc-1", part.start + 5, part.start + 6) == [chunk]
        first, second, third = parts
        touching = view.chunks_at("doc-1", first.end - 1, second.start + 1)
        assert [chunk.start for chunk in touching] == [first.start, second.start]
        everything = view.chunks_at("doc-1", 0, third.end + 100)
        assert [chunk.start for chunk in everything] == [part.start for part in parts]
    reader.close()


def test_there_are_no_chunks_beside_the_text_or_in_another_document(index: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        first, second, third = view.source("doc-1").parts
        assert view.chunks_at("doc-1", first.end, second.start) == []
        assert view.chunks_at("doc-1", third.end, third.end + 100) == []
        assert view.chunks_at("doc-1", 0, 0) == []
        assert view.chunks_at("doc-7", 0, 10_000) == []
        found = view.chunks_at("doc-2", 0, 10_000)
        assert {chunk.document_id for chunk in found} == {"doc-2"}
    reader.close()


def test_what_is_looked_up_once_is_looked_up_again_after_a_build(
    index: Path, corpus: Path, tmp_path: Path
) -> None:
    with closing(Index(index, WordHashModel())) as reader:
        with reader.view() as view:
            assert view.shelves() == {str(corpus): ["doc-0", "doc-1", "doc-2"]}
            assert view.chunk_count() == 9
            before = view.document_frequency(["guid"])["guid"]
        write_document(corpus, "doc-9", seed="first 9")
        build_small(index, corpus)
        with reader.view() as view:
            assert view.shelves() == {str(corpus): ["doc-0", "doc-1", "doc-2", "doc-9"]}
            assert view.chunk_count() == 12
            assert view.document_frequency(["guid"])["guid"] > before > 0
        # The same text in another folder: no new vectors, and yet another shelf.
        other = tmp_path / "other"
        corpus.rename(other)
        build_small(index, other)
        with reader.view() as view:
            assert list(view.shelves()) == [str(other)]


def test_what_depends_on_the_index_alone_is_made_once_a_build(index: Path, corpus: Path) -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    with closing(Index(index, WordHashModel())) as opened:
        for _ in range(2):
            with opened.view() as view:
                assert view.once(("a", ()), lambda: make("a")) == "A"
                assert view.once(("b", ()), lambda: make("b")) == "B"
        assert made == ["a", "b"]
        write_document(corpus, "doc-9", seed="first 9")
        build_small(index, corpus)
        with opened.view() as view:
            assert view.once(("a", ()), lambda: make("a again")) == "A AGAIN"


def test_no_more_than_some_of_what_is_made_is_kept(index: Path) -> None:
    with closing(Index(index, WordHashModel())) as opened, opened.view() as view:
        assert [view.once(n, lambda n=n: n * n) for n in range(1200)] == [  # type: ignore[misc]
            n * n for n in range(1200)
        ]
        made: list[int] = []
        view.once(1199, lambda: made.append(1199))
        view.once(0, lambda: made.append(0))
        assert made == [0]


def test_frequencies_are_counted_once(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    real = WordRecords.document_frequency

    def count(self: WordRecords, terms: Sequence[str]) -> dict[str, int]:
        counted.extend(terms)
        return real(self, terms)

    monkeypatch.setattr(WordRecords, "document_frequency", count)
    with closing(Index(index, WordHashModel())) as reader, reader.view() as view:
        first = view.document_frequency(["guid", "team"])
        assert view.document_frequency(["team", "guid", "coach"]) == first | {
            "coach": view.document_frequency(["coach"])["coach"]
        }
    assert sorted(counted) == ["coach", "guid", "team"]


def test_a_few_documents_are_compared_as_the_vector_store_would(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Twice the same text in one document: it is found once.
    path = corpus / "doc-1.md"
    section = path.read_text("utf-8").split("\n\n")[2]
    path.write_text(path.read_text("utf-8") + f"\n\n## Part 0 of doc-1\n\n{section}\n", "utf-8")
    build_small(index, corpus)
    model = WordHashModel()
    asked = model.encode_question("teams plan together")
    filters = (["doc-1"], ()), (["doc-1", "doc-2"], ["doc-2"]), (["doc-1"], ["doc-1"])
    with closing(Index(index, model)) as reader, reader.view() as view:
        compared = [view.nearest(asked, 3, *chosen) for chosen in filters]
        monkeypatch.setattr("assistant.index.reader._FEW_CHUNKS", 0)
        searched = [view.nearest(asked, 3, *chosen) for chosen in filters[:2]]
    assert [len(found) for found in compared] == [3, 3, 0]
    for one, other in zip(compared, searched, strict=False):
        assert [name for name, _ in one] == [name for name, _ in other]
        assert dict(one) == pytest.approx(dict(other), abs=2e-5)
