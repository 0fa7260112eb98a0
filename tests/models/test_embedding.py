import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.models.encoder.shipped import SHA256, shipped_weights
from tests.fakes import WordHashModel

TEXTS = [
    "A coach visits each class twice in the first term. " * 4,
    "Ask.",
    "The lead writes the plan down.",
    "Who pays for the second year?",
]


def copy_without_weights(folder: Path) -> Path:
    """The shipped model's folder but for its weights."""
    return Path(
        shutil.copytree(shipped_weights(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    )


def test_vectors_have_length_one(real_model: EmbeddingModel) -> None:
    vectors = real_model.encode(TEXTS)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_vectors_are_in_the_order_of_the_texts_whatever_their_length(
    real_model: EmbeddingModel,
) -> None:
    together = real_model.encode(TEXTS)
    alone = np.stack([real_model.encode([text])[0] for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)
    assert (together @ alone.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_a_question_is_encoded_like_a_text(real_model: EmbeddingModel) -> None:
    question = real_model.encode_question(TEXTS[3])
    assert question.shape == (384,)
    assert question == pytest.approx(real_model.encode([TEXTS[3]])[0], abs=1e-5)


def test_texts_that_mean_the_same_are_nearer_than_others(real_model: EmbeddingModel) -> None:
    money, cost, dog = real_model.encode(
        ["Who pays for the programme?", "Funding of the project", "My dog sleeps all day."]
    )
    assert float(money @ cost) > float(money @ dog) + 0.2


def test_no_texts_have_no_vectors(real_model: EmbeddingModel) -> None:
    assert real_model.encode([]).shape == (0, 384)
    assert real_model.dimension == 384


def test_progress_adds_up_to_the_number_of_texts(real_model: EmbeddingModel) -> None:
    told: list[int] = []
    vectors = real_model.encode([f"Step {n}" for n in range(900)], told.append)
    assert sum(told) == 900
    assert len(told) > 1
    assert vectors.shape == (900, 384)


def test_a_count_of_pieces_is_neither_cut_nor_padded(real_model: EmbeddingModel) -> None:
    real_model.encode(TEXTS)  # sets cutting and padding of the model's own tokenizer
    assert real_model.count_pieces(["team", "team " * 600, "", "Ask the team."]) == [1, 600, 0, 4]
    assert real_model.count_pieces([]) == []


def test_words_the_model_does_not_know_are_several_pieces(real_model: EmbeddingModel) -> None:
    assert real_model.count_pieces(["deimplementation"])[0] > 1


def test_the_shipped_model_is_known_by_its_weights_and_number_type() -> None:
    assert EmbeddingModel().name == "all-MiniLM-L6-v2"
    assert EmbeddingModel().fingerprint == f"all-MiniLM-L6-v2@{SHA256[:12]}/float32"
    assert EmbeddingModel(dtype="bfloat16").fingerprint.endswith("/bfloat16")


def test_a_folder_of_another_model_is_known_by_its_weights(tmp_path: Path) -> None:
    folder = tmp_path / "mini"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "model.safetensors").write_bytes(b"weights")
    inner = hashlib.sha256(b"weights").hexdigest()
    expected = hashlib.sha256(inner.encode()).hexdigest()[:12]
    before = EmbeddingModel(str(folder)).fingerprint
    assert before == f"mini@{expected}/float32"
    (folder / "README.md").write_text("A remark")
    assert EmbeddingModel(str(folder)).fingerprint == before
    (folder / "inner" / "model.safetensors").write_bytes(b"others")
    assert EmbeddingModel(str(folder)).fingerprint != before


def test_a_model_folder_that_does_not_exist_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(ModelError) as caught:
        EmbeddingModel(str(folder)).encode_question("Who pays?")
    assert caught.value.message.startswith(f"The embedding model '{folder}' cannot be loaded: ")
    assert caught.value.remedy.startswith("Set ASSISTANT_EMBEDDING_MODEL to the folder of ")


def test_a_model_folder_with_nothing_in_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        EmbeddingModel(str(tmp_path)).encode(["Ask."])


def test_a_model_folder_without_weights_is_an_error(tmp_path: Path) -> None:
    folder = copy_without_weights(tmp_path / "mini")
    with pytest.raises(ModelError, match="cannot be loaded"):
        EmbeddingModel(str(folder)).encode(["Ask."])


def test_a_model_folder_with_a_broken_configuration_is_an_error(tmp_path: Path) -> None:
    folder = copy_without_weights(tmp_path / "mini")
    (folder / "config.json").write_text("{broken")
    with pytest.raises(ModelError, match="cannot be loaded"):
        EmbeddingModel(str(folder)).encode(["Ask."])


def test_weights_that_were_cut_short_are_an_error(tmp_path: Path) -> None:
    folder = copy_without_weights(tmp_path / "mini")
    whole = (shipped_weights() / "model.safetensors").open("rb")
    with whole:
        (folder / "model.safetensors").write_bytes(whole.read(200_000))
    with pytest.raises(ModelError, match="cannot be loaded"):
        EmbeddingModel(str(folder)).encode(["Ask."])


def test_texts_that_never_change_are_encoded_once() -> None:
    model = WordHashModel()
    first = model.encode_once(["A plan.", "A team."])
    assert np.array_equal(first, model.encode(["A plan.", "A team."]))
    model.encoded.clear()
    assert model.encode_once(["A plan.", "A team."]) is first
    assert model.encoded == []
    model.encode_once(["A plan."])
    assert model.encoded == ["A plan."]


def test_the_last_question_is_not_encoded_twice(real_model: EmbeddingModel) -> None:
    first = real_model.encode_question("Who leads?")
    assert real_model.encode_question("Who leads?") is first
    other = real_model.encode_question("Who pays?")
    assert not np.allclose(first, other)
    assert np.array_equal(real_model.encode_question("Who leads?"), first)


def test_words_have_vectors_of_length_one_in_their_order(real_model: EmbeddingModel) -> None:
    words = ["nurse", "plan", "nurse", "deimplementation"]
    vectors = real_model.word_vectors(words)
    assert vectors.shape[0] == 4
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.array_equal(vectors[0], vectors[2])
    assert real_model.word_vectors(words[::-1]) == pytest.approx(vectors[::-1])


def test_words_that_are_like_are_near(real_model: EmbeddingModel) -> None:
    doctor, physician, banana = real_model.word_vectors(["doctor", "physician", "banana"])
    assert float(doctor @ physician) > float(doctor @ banana) + 0.2


def test_a_word_means_the_same_whatever_stands_beside_it(real_model: EmbeddingModel) -> None:
    (alone,) = real_model.word_vectors(["bank"])
    assert np.array_equal(real_model.word_vectors(["river", "bank"])[1], alone)
    again = EmbeddingModel().word_vectors(["money", "bank"])[1]
    assert again == pytest.approx(alone, abs=1e-6)


def test_a_word_the_model_does_not_know_lies_between_its_pieces(
    real_model: EmbeddingModel,
) -> None:
    whole, part, other = real_model.word_vectors(["playbook-led", "led", "banana"])
    assert real_model.count_pieces(["playbook-led"])[0] > 1
    assert float(whole @ part) > float(whole @ other)


def test_what_has_no_pieces_is_like_nothing(real_model: EmbeddingModel) -> None:
    assert real_model.count_pieces([""]) == [0]
    nothing, plan = real_model.word_vectors(["", "plan"])
    assert float(nothing @ plan) == 0
    assert not nothing.any()


def test_words_are_read_from_the_table_once(
    real_model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    table = real_model._table()

    def counted() -> Vectors:
        read.append(1)
        return table

    monkeypatch.setattr(real_model, "_table", counted)
    real_model.word_vectors(["rowan", "spruce"])
    real_model.word_vectors(["spruce", "rowan", "rowan"])
    assert len(read) == 1
    real_model.word_vectors(["spruce", "larkspur"])
    assert len(read) == 2


def test_words_cannot_be_read_without_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        EmbeddingModel(str(tmp_path / "gone")).word_vectors(["plan"])
