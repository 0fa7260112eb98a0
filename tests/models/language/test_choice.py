"""What a model is chosen by."""

import traceback

import pytest

from assistant.errors import SettingsError
from assistant.models.language import OPENAI_ADDRESS, choose_model
from tests.models.language.asking import KEY


@pytest.mark.parametrize(
    ("named", "address", "expected"),
    [
        ("openai:gpt-x", None, OPENAI_ADDRESS),
        ("openai:gpt-x", "https://eu.example.org/v1", "https://eu.example.org/v1"),
        ("openai-like:small", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("ollama:llama3:8b", None, "http://127.0.0.1:11434"),
        ("ollama:llama3:8b", "http://box:11434", "http://box:11434"),
        ("anthropic:claude-x", None, None),
        ("anthropic:claude-x", "https://proxy.example.org", "https://proxy.example.org"),
    ],
)
def test_a_model_is_chosen_by_provider_name_and_address(
    named: str, address: str | None, expected: str | None
) -> None:
    choice = choose_model(named, address, KEY)
    assert f"{choice.provider}:{choice.name}" == named
    assert (choice.address, choice.key) == (expected, KEY)


@pytest.mark.parametrize(
    "named", ["", "small", "openai:", "ollama: ", ":small", "google:x", "Ollama:x"]
)
def test_a_name_without_a_known_provider_is_refused(named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        choose_model(named, "http://127.0.0.1:1/v1", None)
    assert caught.value.message == f"ASSISTANT_MODEL is {named!r}, and no model is called so."
    assert caught.value.remedy == (
        "Write provider:name; the providers are openai, openai-like, ollama, anthropic."
    )


@pytest.mark.parametrize(
    "address", ["127.0.0.1:11434", "ftp://host/v1", "http://", "http://[::1", "box"]
)
@pytest.mark.parametrize("provider", ["openai", "openai-like", "ollama", "anthropic"])
def test_what_is_no_address_is_refused(provider: str, address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        choose_model(f"{provider}:small", address, None)
    assert caught.value.message == (
        f"ASSISTANT_MODEL_URL is {address}, and {provider}:small needs an address."
    )
    assert caught.value.remedy == (
        "Give the address of the server, such as http://127.0.0.1:8080/v1."
    )


@pytest.mark.parametrize("address", [None, ""])
def test_somebody_elses_server_must_be_named(address: str | None) -> None:
    with pytest.raises(SettingsError, match=r"^ASSISTANT_MODEL_URL is not set, and openai-like:x"):
        choose_model("openai-like:x", address, None)


@pytest.mark.parametrize(
    "address",
    [
        "https://me:s3cret@host/v1", "https://s3cret@host/v1", "https://:s3cret@host/v1",
        "ftp://me:s3cret@host/v1", "me:s3cret@host", "https://me:s3cret@/v1",
    ],
)  # fmt: skip
def test_an_address_with_a_password_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        choose_model("openai-like:small", address, None)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.remedy == "Put the key into ASSISTANT_MODEL_KEY."


@pytest.mark.parametrize("port", ["99999", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError):
        choose_model("openai-like:small", f"http://127.0.0.1:{port}/v1", None)


@pytest.mark.parametrize(
    ("provider", "address", "elsewhere"),
    [
        ("openai-like", "http://127.0.0.1:8080/v1", None),
        ("openai-like", "http://localhost:8080/v1", None),
        ("openai-like", "http://LOCALHOST/v1", None),
        ("openai-like", "http://[::1]:8080/v1", None),
        ("openai-like", "http://192.168.1.7:8080/v1", "192.168.1.7"),
        ("openai-like", "https://localhost.example.org/v1", "localhost.example.org"),
        ("openai-like", "https://127.0.0.1.example.org/v1", "127.0.0.1.example.org"),
        ("openai", None, "api.openai.com"),
        ("ollama", None, None),
        ("ollama", "http://box:11434", "box"),
        ("anthropic", None, "anthropic"),
        ("anthropic", "https://proxy.example.org", "proxy.example.org"),
        ("anthropic", "http://127.0.0.1:4000", None),
    ],
)
def test_who_gets_the_questions_is_known(
    provider: str, address: str | None, elsewhere: str | None
) -> None:
    assert choose_model(f"{provider}:small", address, None).elsewhere == elsewhere
