from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.index.vectors import VectorGeneration
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
    generation.chunks.verify(IDS, range(100), vectors)
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
        generation.chunks.verify([*IDS, "doc-9:part:1"], [], vectors[:0])
    generation.close()


def test_a_vector_that_is_not_what_it_should_be_is_noticed(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    with pytest.raises(IndexDamaged, match="doc-3:part:3"):
        generation.chunks.verify(IDS, [3], -vectors[3:4])
    generation.close()


def test_the_two_collections_of_a_generation_do_not_mix(folder: Path, vectors: Vectors) -> None:
    generation = VectorGeneration(folder)
    assert generation.signposts.nearest(vectors[0], 5) == []
    generation.signposts.add(IDS[:10], DOCUMENTS[:10], vectors[50:60])  # the ids of other chunks
    generation.close()

    generation = VectorGeneration(folder)
    generation.chunks.verify(IDS, range(100), vectors)
    generation.signposts.verify(IDS[:10], range(10), vectors[50:60])
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
    generation.signposts.verify([], [], vectors[:0])
    with pytest.raises(IndexDamaged, match="holds 0 of 100"):
        generation.signposts.verify(IDS, range(100), vectors)
    generation.close()
