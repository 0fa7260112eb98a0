import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import UsageError
from assistant.models.embedding import Vectors
from evals.bench.answers import write_corpus
from evals.bench.curves import draw_curves
from evals.bench.server import BenchFailed
from evals.bench.sizes import run_sizes_bench, sizes_table
from evals.bench.sizes_worker import Approximate, moved

SIZE: dict[str, Any] = {
    "chunks": 10_001, "build_seconds": 130.5, "steps": [11.0, 90.1, 8.0], "build_memory": 900.1,
    "build_rest": 40.4,
    "update_seconds": 1.9, "p50": 40.0, "p95": 90.0, "search_p50": 20.0, "growth": 1.0,
    "recall": 0.998, "nearest": [2.5, 0.6], "answer_memory": 240.5, "open_seconds": 0.9,
    "disk": 250,
}  # fmt: skip
FOUND = {"sizes": [SIZE, SIZE | {"chunks": 100_003, "p50": 60.0, "growth": 1.5}]}


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sentences with vectors at right angles."""
    file = tmp_path_factory.mktemp("sentences") / "sentences.json"
    file.write_text(json.dumps(["Teams plan.", "Coaches visit.", "Leaders decide."]), "utf-8")
    np.save(file.with_suffix(".npy"), np.eye(3, 16, dtype=np.float32))
    return file


@pytest.fixture
def model(sentences: Path, tmp_path: Path) -> Approximate:
    return Approximate(tmp_path / "none", sentences)


def near(vectors: Vectors) -> list[float]:
    return [round(float(value), 2) for value in vectors[:3]]


def test_the_table_has_a_column_for_each_size() -> None:
    rows = [" ".join(line.split()) for line in sizes_table(FOUND).splitlines()]
    assert rows[0] == "chunks 10,001 100,003"
    assert "p50, times that of the smallest 1.0 1.5 <= 5" in rows
    assert "recall@10 of the vector search 0.998 0.998 >= 0.97" in rows
    assert "reading, embedding, writing (s) 11.0, 90.1, 8.0 11.0, 90.1, 8.0" in rows


def test_the_growth_is_drawn(tmp_path: Path) -> None:
    draw_curves(FOUND, tmp_path / "sizes.svg")
    words = "".join(ET.parse(tmp_path / "sizes.svg").getroot().itertext())
    assert "warm answer p50 (ms)" in words
    assert "60" in words
    draw_curves(FOUND, tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "sizes.svg").read_bytes()
    with pytest.raises(UsageError, match=r"Give it one of these endings"):
        draw_curves(FOUND, tmp_path / "sizes.txt")


def test_a_sentence_has_its_own_vector(model: Approximate) -> None:
    assert near(model.encode(["Coaches visit."])[0]) == [0, 1, 0]


def test_a_section_lies_between_its_sentences_a_little_off(model: Approximate) -> None:
    text = "Guide > Part\nTeams plan. Coaches visit."
    (vector,) = model.encode([text])
    one, two, three = vector[:3]
    assert min(one, two) > 0.4 > abs(three) * 1.5
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(model.encode([text])[0], vector)
    assert not np.array_equal(model.encode([text + " "])[0], vector)


def test_what_no_sentence_is_known_of_has_a_vector_of_its_own(model: Approximate) -> None:
    first, second = model.encode(["1 What teams", "2 What teams"])
    assert not np.allclose(first, second)
    assert model.encode([]).shape == (0, 16)


def test_moving_keeps_vectors_near_and_at_length_one() -> None:
    chance = np.random.default_rng(1)
    before = np.eye(5, 384, dtype=np.float32)
    after = moved(before, chance)
    assert np.linalg.norm(after, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert (before * after).sum(axis=1).min() > 0.9


@pytest.mark.slow
def test_a_small_size_is_measured_from_building_to_recall(
    library_index: Path, tmp_path: Path
) -> None:
    keep = tmp_path / "kept"
    found = run_sizes_bench([80], library_index, keep)
    (size,) = found["sizes"]
    assert size.keys() == SIZE.keys()
    assert size["chunks"] >= 80
    assert size["recall"] == 1.0
    assert size["growth"] == 1.0
    assert 0 < size["p50"] <= size["p95"]
    assert (keep / "index-80" / "ledger.db").is_file()
    assert sizes_table(found)


def test_a_step_that_fails_says_which_and_why(library_index: Path, tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    keep.mkdir()
    write_corpus(keep / "corpus-80", 8, ["One sentence of more than seven words stands here."] * 9)
    (keep / "index-80").write_text("no folder", "utf-8")
    with pytest.raises(BenchFailed, match=r"build of 80 chunks failed: .*is not a folder"):
        run_sizes_bench([80], library_index, keep)
