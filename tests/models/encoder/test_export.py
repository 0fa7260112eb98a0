import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from assistant.models.embedding import EmbeddingModel, NotExported
from assistant.models.encoder import Vectors, export
from assistant.models.encoder.export import SAME, spread
from assistant.models.encoder.exported import GRAPH, WEIGHTS, ExportedEncoder
from assistant.models.encoder.reference import ReferenceEncoder
from tests.models.encoder.conftest import Makes

TEXTS = [
    "Who pays for the second year?",
    "Ask.",
    "",
    "A coach visits each class twice in the first term. " * 9,
    "漢字 and 🙂",
]


@pytest.fixture(scope="module")
def folder(makes_model: Makes) -> Path:
    return makes_model()


@pytest.fixture(scope="module")
def exports(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index") / "encoder"
    EmbeddingModel(str(folder), exports=place).export(TEXTS)
    return place


@pytest.fixture(scope="module")
def reference(folder: Path) -> ReferenceEncoder:
    return ReferenceEncoder(str(folder), "float32")


def test_vectors_are_those_of_sentence_transformers(
    folder: Path, exports: Path, reference: ReferenceEncoder
) -> None:
    model = EmbeddingModel(str(folder), exports=exports)
    assert model.graph is not None
    assert model.graph.least_cosine > SAME
    found, expected = model.encode(TEXTS), reference.encode_by_default(TEXTS)
    assert (found * expected).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert found.dtype == np.float32
    assert model.encode_question(TEXTS[0]) == pytest.approx(expected[0], abs=1e-5)


def test_words_and_counts_are_those_of_sentence_transformers(
    folder: Path, exports: Path, reference: ReferenceEncoder
) -> None:
    written = EmbeddingModel(str(folder), exports=exports)
    plain = EmbeddingModel(str(folder))
    words = ["nurse", "playbook-led", ""]
    assert written.graph is not None
    assert plain.graph is None
    assert np.array_equal(written.word_vectors(words), plain.word_vectors(words))
    assert written.count_pieces(TEXTS) == plain.count_pieces(TEXTS)
    assert written.dimension == plain.dimension == 32
    assert written.fingerprint == plain.fingerprint


def test_the_words_before_questions_and_documents_are_kept(
    makes_model: Makes, tmp_path: Path
) -> None:
    folder = makes_model(prompts={"query": "question: ", "document": "passage: "})
    model = EmbeddingModel(str(folder), exports=tmp_path / "encoder")
    model.export(TEXTS)
    assert model.graph is not None
    plain = ReferenceEncoder(str(folder), "float32")
    question, text = plain.encode(TEXTS[:1], "question")[0], plain.encode(TEXTS[:1], "document")[0]
    assert not np.allclose(question, text, atol=1e-3)
    assert model.encode_question(TEXTS[0]) == pytest.approx(question, abs=1e-5)
    assert model.encode(TEXTS[:1])[0] == pytest.approx(text, abs=1e-5)


def test_it_is_written_once(folder: Path, exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> None:
        raise AssertionError("written again")

    monkeypatch.setattr(export, "export", again)
    EmbeddingModel(str(folder), exports=exports).export(TEXTS)


def test_a_model_without_a_place_for_it_is_not_written(folder: Path) -> None:
    model = EmbeddingModel(str(folder))
    model.export(TEXTS)
    assert model.graph is None


def test_another_model_takes_the_place_of_the_one_before(
    makes_model: Makes, tmp_path: Path
) -> None:
    place = tmp_path / "encoder"
    for seed in (1, 2):
        EmbeddingModel(str(makes_model(seed=seed)), exports=place).export([])
    (only,) = place.iterdir()
    assert sorted(path.name for path in only.iterdir()) == [
        "encoder.onnx", "encoder.onnx.data", "facts.json", "tokenizer.json",
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["onnx", "onnxscript"])
def test_without_what_writes_graphs_there_is_none_and_all_works(
    missing: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == missing else found(name))
    model = EmbeddingModel(str(folder), exports=tmp_path / "encoder")
    with pytest.raises(NotExported, match=f"{missing} is not installed"):
        model.export(TEXTS)
    assert not (tmp_path / "encoder").exists()
    assert model.encode(TEXTS).shape == (5, 32)


def test_a_graph_whose_vectors_differ_is_not_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turned(self: ExportedEncoder, texts: list[str], kind: str) -> Vectors:
        return np.roll(real(self, texts, kind), 1, axis=1)  # type: ignore[arg-type]

    real = ExportedEncoder.encode
    monkeypatch.setattr(ExportedEncoder, "encode", turned)
    model = EmbeddingModel(str(folder), exports=tmp_path / "encoder")
    with pytest.raises(NotExported, match="its vectors are not the same"):
        model.export(TEXTS)
    assert list((tmp_path / "encoder").iterdir()) == []


@pytest.mark.parametrize("name", [GRAPH, WEIGHTS, "tokenizer.json", "facts.json"])
def test_what_is_damaged_is_as_if_it_were_not_there(
    name: str, folder: Path, tmp_path: Path, reference: ReferenceEncoder
) -> None:
    place = tmp_path / "encoder"
    EmbeddingModel(str(folder), exports=place).export([])
    (file,) = place.rglob(name)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    model = EmbeddingModel(str(folder), exports=place)
    assert model.graph is None
    assert model.encode(TEXTS) == pytest.approx(reference.encode_by_default(TEXTS), abs=1e-5)
    EmbeddingModel(str(folder), exports=place).export([])  # as the next build does
    assert EmbeddingModel(str(folder), exports=place).graph is not None


def test_it_says_what_it_was_written_from(folder: Path, exports: Path) -> None:
    (written,) = exports.iterdir()
    facts = json.loads((written / "facts.json").read_text())
    assert facts["version"] == 1
    assert facts["weights"] == EmbeddingModel(str(folder)).weights


def test_documents_in_half_the_bits_are_read_by_the_model_itself(
    folder: Path, exports: Path, reference: ReferenceEncoder
) -> None:
    half = EmbeddingModel(str(folder), "bfloat16", exports)
    assert half.graph is not None
    expected = reference.encode_by_default(TEXTS)
    found = half.encode(TEXTS)
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() > 0.99
    assert not np.allclose(found, expected, atol=1e-5)
    assert half.encode_question(TEXTS[0]) == pytest.approx(expected[0], abs=1e-5)


def test_texts_to_compare_are_of_every_length() -> None:
    texts = ["a" * n for n in range(1, 1001)]
    found = spread(texts, 11)
    assert len(found) == 11
    assert (len(found[0]), len(found[5]), len(found[-1])) == (1, 501, 1000)
    assert spread(["b", "a", "b"], 5) == ["a", "b"]
    assert spread([], 5) == []


@pytest.mark.slow
def test_the_shipped_model_gives_the_same_vectors_of_the_shipped_library(
    library_index: Path, real_model: EmbeddingModel
) -> None:
    from contextlib import closing

    from assistant.app import open_assistant
    from assistant.settings import Settings
    from tests.fakes import SilentProgress

    with closing(open_assistant(Settings(index=library_index), SilentProgress())) as assistant:
        lines = {line for _, text in assistant.documents().values() for line in text.split("\n")}
    sample = spread(sorted(lines), 400)
    assert real_model.graph is not None
    expected = ReferenceEncoder(None, "float32").encode_by_default(sample)
    assert (real_model.encode(sample) * expected).sum(axis=1).min() >= SAME
