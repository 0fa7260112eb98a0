"""The door to cross-encoders, before tiny models whose weights are set by hand."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.models.entailment import EntailmentModel

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "coaches", "visit", "yes", "no", "perhaps")
NLI = ("contradiction", "entailment", "neutral")
Makes = Callable[..., EntailmentModel]


@pytest.fixture(scope="module")
def makes(tmp_path_factory: pytest.TempPathFactory) -> Makes:
    """Makes a model with these classes, of which it takes the first, second or third, as the
    second text says "no", "yes" or "perhaps"; of one class, its number is high for "yes"."""

    def makes(classes: Sequence[str]) -> EntailmentModel:
        import torch
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

        folder = tmp_path_factory.mktemp("cross-encoder")
        (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
        BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
        config = BertConfig(
            vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
            intermediate_size=8, max_position_embeddings=32,
            id2label=dict(enumerate(classes)), label2id={name: n for n, name in enumerate(classes)},
        )  # fmt: skip
        torch.manual_seed(1)
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            for weight in model.parameters():
                weight.zero_()
            _steer(model, len(classes))
        model.save_pretrained(folder)
        return EntailmentModel(str(folder))

    return makes


def _steer(model: "object", classes: int) -> None:
    """Let three words be seen by the first place, and there decide.

    Attention is even, since its weights are nought: what a word puts into the value reaches all
    places alike.
    """
    import torch

    bert = model.bert  # type: ignore[attr-defined]
    layer = bert.encoder.layer[0]
    for norm in (bert.embeddings.LayerNorm, layer.attention.output.LayerNorm,
                 layer.output.LayerNorm):  # fmt: skip
        norm.weight.fill_(1)
    eye = torch.eye(8)
    for n, word in enumerate(("no", "yes", "perhaps")):
        bert.embeddings.word_embeddings.weight[WORDS.index(word), n] = 5
    layer.attention.self.value.weight.copy_(eye)
    layer.attention.output.dense.weight.copy_(eye * 5)
    bert.pooler.dense.weight.copy_(eye)
    head = model.classifier.weight  # type: ignore[attr-defined]
    if classes == 1:
        head[0, 1], head[0, 0] = 10, -10
    else:
        for n in range(classes):
            head[n, n] = 10


PAIRS = [("coaches visit", "yes"), ("coaches visit", "no"), ("coaches visit", "perhaps")]


def test_what_is_likeliest_entailed_follows(makes: Makes) -> None:
    assert makes(NLI).follows(PAIRS) == [True, False, False]


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (("entailment", "neutral", "contradiction"), [False, True, False]),
        (("Contradiction", "Neutral", "ENTAILMENT"), [False, False, True]),
        (("no", "entail", "perhaps"), [True, False, False]),
        (("refuted", "supported"), [True, False, True]),
    ],
)
def test_the_class_called_entailment_counts_wherever_it_stands(
    makes: Makes, classes: Sequence[str], expected: list[bool]
) -> None:
    found = makes(classes).follows(PAIRS)
    places = slice(2) if len(classes) == 2 else slice(3)
    assert found[places] == expected[places]


def test_of_a_model_with_one_number_a_half_is_enough(makes: Makes) -> None:
    assert makes(["score"]).follows(PAIRS[:2]) == [True, False]


def test_no_pairs_load_nothing() -> None:
    assert EntailmentModel("nowhere").follows([]) == []


def test_a_pair_alone_is_judged_as_among_others(makes: Makes) -> None:
    model = makes(NLI)
    assert [model.follows([pair])[0] for pair in PAIRS] == model.follows(PAIRS)


def test_a_text_longer_than_a_model_reads_is_judged(makes: Makes) -> None:
    assert len(makes(NLI).follows([("coaches visit " * 500, "yes")])) == 1


def test_a_model_is_loaded_once_and_shared_between_threads(makes: Makes) -> None:
    model = makes(NLI)
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: model.load(), range(4)))
        judged = list(pool.map(lambda _: model.follows(PAIRS), range(8)))
    assert all(one is loaded[0] for one in loaded)
    assert judged == [[True, False, False]] * 8


@pytest.mark.parametrize("classes", [("LABEL_0", "LABEL_1", "LABEL_2"), ("good", "bad")])
def test_a_model_without_a_class_of_that_name_is_refused(
    makes: Makes, classes: Sequence[str]
) -> None:
    with pytest.raises(ModelError) as caught:
        makes(classes).follows(PAIRS)
    assert f"has no class called entailment: {', '.join(classes).lower()}." in caught.value.message
    assert "ASSISTANT_SECOND_OPINION" in caught.value.remedy


@pytest.mark.parametrize("missing", ["nowhere/at/all", "nobody/nothing"])
def test_a_model_that_is_not_there_is_an_error_of_models(missing: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        EntailmentModel(str(tmp_path / missing) if "/at/" in missing else missing).load()
    assert missing in caught.value.message
    assert "cannot be loaded" in caught.value.message


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_damaged_model_is_an_error_of_models(makes: Makes, name: str) -> None:
    model = makes(NLI)
    (Path(model.name) / name).write_bytes(b"{damaged")
    with pytest.raises(ModelError, match="cannot be loaded"):
        model.load()


def test_an_empty_folder_is_an_error_of_models(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        EntailmentModel(str(tmp_path)).load()
