"""The door to language models, before a server of ours that speaks OpenAI's protocol."""

import sys
from collections.abc import Iterator

import pytest

from assistant.errors import ModelError
from assistant.models.language import open_language_model
from tests.models.openai_server import ChatServer, chat_server


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server("right") as server:
        yield server


def test_a_server_is_asked_as_a_chat_without_chance(server: ChatServer) -> None:
    model = open_language_model(server.address, "small", "a key")
    assert server.asked == []
    assert model.complete("Is it right?").text == "right"
    [asked] = server.asked
    assert (asked["model"], asked["temperature"]) == ("small", 0.0)
    assert asked["messages"] == [{"role": "user", "content": "Is it right?"}]
    assert server.keys == ["Bearer a key"]
    assert model.metadata.model_name == "small"


@pytest.mark.parametrize("address", ["", "127.0.0.1:11434", "ftp://host/v1", "http://"])
def test_what_is_no_address_is_refused_with_what_to_give(address: str) -> None:
    with pytest.raises(ModelError, match="Give the address"):
        open_language_model(address, "small", "")


def test_a_model_without_a_name_is_refused() -> None:
    with pytest.raises(ModelError, match="and a name"):
        open_language_model("http://127.0.0.1:1/v1", "", "")


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with pytest.raises(ModelError, match=r"pip install 'implementation-assistant\[openai\]'"):
        open_language_model("http://127.0.0.1:1/v1", "small", "")
