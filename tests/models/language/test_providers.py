"""What is sent to each provider, and what is not."""

import sys

import pytest

from assistant.errors import ModelError
from assistant.models.language import LanguageModel, ModelFailure, choose_model
from tests.models.language.asking import ASKED, IMPATIENT, KEY, PROVIDERS, TEXT, Opens
from tests.models.scripted_model import ScriptedModel, says, words_of


@pytest.mark.parametrize("provider", ["openai-like", "openai"])
def test_openais_protocol_is_asked_without_chance_and_with_a_limit(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    opens(provider).complete(ASKED)
    [body] = server.asked
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "What stays?"},
    ]  # fmt: skip
    assert (body["model"], body["temperature"], body["stream"]) == ("small", 0.0, True)
    assert body["max_tokens"] == 500
    assert server.keys == [f"Bearer {KEY}"]


def test_ollama_is_asked_without_chance_and_with_a_limit(
    server: ScriptedModel, opens: Opens
) -> None:
    opens("ollama").complete(ASKED)
    [body] = server.asked
    assert [(one["role"], one["content"]) for one in body["messages"]] == [
        ("system", "Be brief."), ("user", "What stays?"),
    ]  # fmt: skip
    assert (body["model"], body["stream"], body["think"]) == ("small", True, False)
    assert body["options"] == {"temperature": 0.0, "num_ctx": 4_000, "num_predict": 500}
    assert server.keys == [f"Bearer {KEY}"]
    assert server.paths == ["/api/chat"]


def test_anthropic_is_asked_without_chance_and_with_a_limit(
    server: ScriptedModel, opens: Opens
) -> None:
    opens("anthropic").complete(ASKED)
    [body] = server.asked
    assert words_of(body) == "Be brief.\n\nWhat stays?"
    assert (body["model"], body["temperature"]) == ("claude-sonnet-4-5", 0.0)
    assert (body["max_tokens"], body["stream"]) == (500, True)
    assert server.keys == [KEY]


def test_a_model_newer_than_the_package_can_be_asked(server: ScriptedModel, opens: Opens) -> None:
    server.does(says(TEXT))
    assert opens("anthropic", name="claude-next-9").complete(ASKED)[0] == TEXT
    assert server.asked[0]["model"] == "claude-next-9"


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_model_without_a_key_is_asked_without_one(server: ScriptedModel, provider: str) -> None:
    model = LanguageModel(server.choice(provider, key=None))
    assert model.complete(ASKED)[0] == "Yes."
    assert server.keys in ([None], ["Bearer none"])
    model.close()


@pytest.mark.parametrize("provider", ["openai-like", "openai", "ollama", "anthropic"])
def test_keys_of_other_programs_are_not_sent(
    server: ScriptedModel, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OLLAMA_API_KEY"):
        monkeypatch.setenv(name, "sk-of-others")
    model = LanguageModel(server.choice(provider, key=None), IMPATIENT)
    try:
        model.complete(ASKED)
    except ModelFailure as error:
        assert error.kind == "key"  # noqa: PT017  # an answer is as good
    finally:
        model.close()
    assert "sk-of-others" not in str(server.keys)


@PROVIDERS
def test_addresses_of_other_programs_are_not_asked(
    server: ScriptedModel, own: Opens, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/v1")
    assert own(provider).complete(ASKED)[0] == "Yes."


@PROVIDERS
def test_a_proxy_is_not_asked_for_a_model_on_this_computer(
    server: ScriptedModel, own: Opens, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert own(provider).complete(ASKED)[0] == "Yes."


@pytest.mark.parametrize(
    ("provider", "module", "extra"),
    [
        ("openai", "openai_like", "openai"),
        ("openai-like", "openai_like", "openai"),
        ("ollama", "ollama", "ollama"),
        ("anthropic", "anthropic", "anthropic"),
    ],
)
def test_missing_packages_are_named(
    provider: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, f"llama_index.llms.{module}", None)
    with pytest.raises(ModelError) as caught:
        LanguageModel(choose_model(f"{provider}:small", "http://127.0.0.1:1/v1", None))
    assert caught.value.message == f"The packages for {provider} are not installed."
    assert caught.value.remedy == f"Run: pip install 'implementation-assistant[{extra}]'"
