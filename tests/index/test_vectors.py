import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.index.vectors import VectorGeneration, search_width
from assistant.models.embedding import Vectors

IDS = [f"doc-{n % 4}:part:{n}" for n in range(100)]
DOCUMENTS = [f"doc-{n % 4}" for n in range(100)]


@pytest.fixture
def vectors() -> Vectors:
    drawn = np.random.default_rng(7).normal(size=(100, 32)).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


@pytest.fixture
def folder(tmp_path: Path, vectors: Vectors) -> Path:
    generation = VectorGeneration(tmp_path / "1")
    generation.chunks.add(IDS, DOCUMENTS, vectors)
    generation.close()
    return tmp_path / "1"


def test_every_vector_finds_itself_after_the_generation_was_opened_again(
    folder: Path, vectors: Vectors
) -> None:
    generation = VectorGeneration(folder)
    generation.chunks.verify(100, IDS, vectors)
    assert generation.chunks.nearest(vectors[5], 1) == [(IDS[5], 1.0)]
    generation.close()


def test_similarity_is_the_cosine(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    for name, similarity in generation.chunks.nearest(vectors[0], 10):
        exact = float(vectors[0] @ vectors[IDS.index(name)])
        assert similarity == pytest.approx(exact, abs=1e-4)
    generation.close()


def test_only_and_without_choose_documents(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    only = generation.chunks.nearest(vectors[0], 100, only=["doc-1", "doc-2"])
    assert {name.split(":")[0] for name, _ in only} == {"doc-1", "doc-2"}
    assert len(only) == 50
    both = generation.chunks.nearest(vectors[0], 100, only=["doc-1", "doc-2"], without=["doc-1"])
    assert {name.split(":")[0] for name, _ in both} == {"doc-2"}
    assert generation.chunks.nearest(vectors[0], 5, only=["nowhere"]) == []
    generation.close()


def test_a_missing_vector_is_noticed(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    with pytest.raises(IndexDamaged, match="holds 100 of 101"):
        generation.chunks.verify(101, [], vectors[:0])
    generation.close()


def test_a_vector_that_is_not_what_it_should_be_is_noticed(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    with pytest.raises(IndexDamaged, match="doc-3:part:3"):
        generation.chunks.verify(100, IDS[3:4], -vectors[3:4])
    generation.close()


def test_the_two_collections_of_a_generation_do_not_mix(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    assert generation.signposts.nearest(vectors[0], 5) == []
    generation.signposts.add(IDS[:10], DOCUMENTS[:10], vectors[50:60])  # the ids of other chunks
    generation.close()

    generation = VectorGeneration(folder)
    generation.chunks.verify(100, IDS, vectors)
    generation.signposts.verify(10, IDS[:10], vectors[50:60])
    assert generation.chunks.nearest(vectors[50], 1) == [(IDS[50], 1.0)]
    assert generation.signposts.nearest(vectors[50], 1) == [(IDS[0], 1.0)]
    assert len(generation.chunks.nearest(vectors[0], 200)) == 100
    signposts = generation.signposts.nearest(vectors[0], 200, only=["doc-1"])
    assert {name for name, _ in signposts} == {IDS[1], IDS[5], IDS[9]}
    generation.close()


def test_vectors_of_one_collection_are_not_missed_in_the_other(
    folder: Path, vectors: Vectors
) -> None:
    generation = VectorGeneration(folder)
    generation.signposts.verify(0, [], vectors[:0])
    with pytest.raises(IndexDamaged, match="holds 0 of 100"):
        generation.signposts.verify(100, IDS, vectors)
    generation.close()


def test_what_is_removed_is_found_no_more_and_its_id_can_be_used_again(
    folder: Path, vectors: Vectors
) -> None:
    with closing(VectorGeneration(folder)) as generation:
        generation.chunks.remove(IDS[:10])
        assert generation.chunks.nearest(vectors[3], 1)[0][0] != IDS[3]
        generation.chunks.add(IDS[:5], DOCUMENTS[:5], vectors[5:10])
    with closing(VectorGeneration(folder)) as generation:
        there = np.concatenate([vectors[5:10], vectors[10:]])
        generation.chunks.verify(95, [*IDS[:5], *IDS[10:]], there)
        assert generation.chunks.nearest(vectors[5], 1) == [(IDS[0], 1.0)]
        only = generation.chunks.nearest(vectors[5], 100, only=[DOCUMENTS[0]])
        assert IDS[0] in {name for name, _ in only}


def test_removing_nothing_changes_nothing(folder: Path, vectors: Vectors) -> None:
    with closing(VectorGeneration(folder)) as generation:
        generation.chunks.remove([])
        generation.chunks.verify(100, IDS, vectors)


def test_a_few_that_the_graph_overlooks_are_no_damage_if_they_are_what_they_should_be(
    folder: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(VectorGeneration(folder)) as generation:
        real = generation.chunks._collection.query

        def overlooks(how_many: int) -> None:
            def query(**wanted: Any) -> Any:
                found = real(**wanted)
                found["distances"] = [[1.0]] * how_many + found["distances"][how_many:]
                return found

            monkeypatch.setattr(generation.chunks._collection, "query", query)

        overlooks(2)
        generation.chunks.verify(100, IDS, vectors)
        overlooks(3)
        with pytest.raises(IndexDamaged, match=f"{IDS[0]} cannot be found again"):
            generation.chunks.verify(100, IDS, vectors)


def test_threads_open_and_close_one_folder_at_the_same_time(folder: Path) -> None:
    def opened(_: int) -> int:
        with closing(VectorGeneration(folder)) as generation:
            return len(generation.chunks.nearest(np.ones(32, dtype=np.float32), 3))

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(opened, range(100))) == {3}


def test_a_search_of_more_vectors_is_wider_and_of_few_no_narrower() -> None:
    assert [search_width(n) for n in (0, 5_000, 100_000)] == [400, 400, 400]
    assert search_width(1_000_000) == 1_592
    widths = [search_width(n) for n in range(0, 2_000_000, 50_000)]
    assert widths == sorted(widths)


@pytest.mark.parametrize(("count", "width"), [(100, 400), (1_000_000, 1_592)])
def test_a_wide_search_is_kept_with_the_vectors(
    folder: Path, vectors: Vectors, count: int, width: int
) -> None:
    # A copy, as a build widens it: in the folder itself Chroma may still be busy.
    folder = shutil.copytree(folder, folder.with_name("2"))
    with closing(VectorGeneration(folder)) as generation:
        generation.chunks.widen(count)
        generation.chunks.widen(5)  # never narrower
    with closing(VectorGeneration(folder)) as generation:
        settings = generation.chunks._collection.configuration_json["hnsw"]
        assert settings["ef_search"] == width
        generation.chunks.verify(100, IDS, vectors)
        assert generation.chunks.nearest(vectors[5], 1) == [(IDS[5], 1.0)]


def test_what_is_written_anew_is_searched_as_wide_as_its_number_needs(
    tmp_path: Path, vectors: Vectors
) -> None:
    with closing(VectorGeneration(tmp_path / "1", 1_000_000, 500)) as generation:
        generation.chunks.add(IDS, DOCUMENTS, vectors)
    with closing(VectorGeneration(tmp_path / "1")) as generation:
        widths = [
            kind._collection.configuration_json["hnsw"]["ef_search"]
            for kind in (generation.chunks, generation.signposts)
        ]
        generation.chunks.verify(100, IDS, vectors)
    assert widths == [1_592, 400]
