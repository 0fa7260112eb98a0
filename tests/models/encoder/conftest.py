"""Small models with random weights: they are written down in seconds."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.models.encoder.shipped import shipped_weights

Makes = Callable[..., Path]


@pytest.fixture(scope="session")
def makes_model(tmp_path_factory: pytest.TempPathFactory) -> Makes:
    """Writes a model into a folder: makes_model(prompts={...}, seed=1)."""

    def make(prompts: Mapping[str, str] | None = None, seed: int = 1) -> Path:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from transformers import AutoTokenizer, BertConfig, BertModel

        torch.manual_seed(seed)
        words: Any = AutoTokenizer.from_pretrained(str(shipped_weights()))
        config = BertConfig(
            vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
            intermediate_size=64, max_position_embeddings=64,
        )  # fmt: skip
        inner = tmp_path_factory.mktemp("inner")
        BertModel(config).save_pretrained(inner)
        words.save_pretrained(inner)
        reader = Transformer(str(inner), max_seq_length=40)
        pooling = Pooling(32, pooling_mode="mean")
        whole = SentenceTransformer(
            modules=[reader, pooling], device="cpu", prompts=dict(prompts or {})
        )
        folder = tmp_path_factory.mktemp("model")
        whole.save(str(folder))
        return folder

    return make
