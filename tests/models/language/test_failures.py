"""Every way in which a model fails, told as it is."""

import socket
from dataclasses import replace
from typing import get_args

import pytest

from assistant.models.language import FailureKind, LanguageModel, choose_model
from tests.models.language.asking import IMPATIENT, KEY, PROVIDERS, Opens, failure
from tests.models.scripted_model import (
    ScriptedModel,
    Step,
    breaks_json,
    complains,
    cuts,
    empty,
    ends_without_reason,
    hangs,
    page,
    says,
    status,
)

FAILURES: list[tuple[FailureKind, Step, str, str]] = [
    ("slow", hangs(), "took too long",
     "Try again, use a smaller model, or raise ASSISTANT_MODEL_SECONDS."),
    ("rate_limited", status(429, retry_after=60), "has too many requests at present (429)",
     "Try again in a minute."),
    ("rate_limited", status(402), "has too many requests at present (402)",
     "Try again in a minute."),
    ("key", status(401, f"{KEY} is no key"), "did not accept the key (401)",
     "Correct ASSISTANT_MODEL_KEY."),
    ("key", status(403, f"{KEY} is no key"), "did not accept the key (403)",
     "Correct ASSISTANT_MODEL_KEY."),
    ("unknown_model", status(404), "is not known there (404)",
     "Correct the name in ASSISTANT_MODEL."),
    ("out_of_context", status(413), "has no room for so much text (413)",
     "Set ASSISTANT_MODEL_CONTEXT to what it can hold."),
    ("server", status(500), "failed (500)", "Look into the log of its server, and try again."),
    ("server", status(400), "failed (400)", "Look into the log of its server, and try again."),
    ("server", complains("The core", "It broke."), "failed",
     "Look into the log of its server, and try again."),
    ("broken", breaks_json("The core"), "sent what cannot be read",
     "See that its server speaks the provider's protocol, and try again."),
    ("cut_off", cuts("The core"), "stopped in the middle",
     "Try again, or raise the length that it may write."),
    ("cut_off", ends_without_reason("The core"), "stopped in the middle",
     "Try again, or raise the length that it may write."),
    ("cut_off", says("The core", finish="length"), "stopped in the middle",
     "Try again, or raise the length that it may write."),
    ("too_long", says("The core. " * 100_000, piece=1_000), "wrote without end",
     "Use another model."),
    ("empty", empty(), "wrote nothing", "Try again, or use another model."),
    ("empty", says(" \n\n "), "wrote nothing", "Try again, or use another model."),
    ("refused", says("", finish="content_filter"), "refused to answer",
     "Ask in other words, or use another model."),
    ("refused", says("The co", finish="content_filter"), "refused to answer",
     "Ask in other words, or use another model."),
]  # fmt: skip


@PROVIDERS
@pytest.mark.parametrize(("kind", "step", "what", "remedy"), FAILURES)
def test_a_failure_is_told_with_its_name_place_and_remedy(
    server: ScriptedModel, opens: Opens, provider: str,
    kind: FailureKind, step: Step, what: str, remedy: str,
) -> None:  # fmt: skip
    server.does(step)
    model = opens(provider, replace(IMPATIENT, tries=1))
    error = failure(model)
    assert error.kind == kind
    assert error.message == f"The model {model.name} at {model.choice.address} {what}."
    assert error.remedy == remedy


@PROVIDERS
def test_a_server_that_is_not_there_cannot_be_reached(provider: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    name = "claude-sonnet-4-5" if provider == "anthropic" else "small"
    model = LanguageModel(choose_model(f"{provider}:{name}", address, KEY), IMPATIENT)
    error = failure(model)
    model.close()
    assert error.kind == "unreachable"
    assert error.message == f"The model {provider}:{name} at {address} cannot be reached."
    assert error.remedy == "See that it runs and that ASSISTANT_MODEL_URL is right."


def test_every_way_to_fail_is_provoked() -> None:
    assert {kind for kind, *_ in FAILURES} | {"unreachable"} == set(get_args(FailureKind))


@PROVIDERS
def test_a_text_too_long_for_a_model_is_told_from_its_servers_words(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    model = opens(provider)
    for message in (
        "This model's maximum context length is 8192 tokens. You requested 9100 tokens.",
        "request (9000 tokens) exceeds the available context size (8192 tokens)",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The model is loaded with context length of only 4096 tokens",
        "input length and `max_tokens` exceed context limit: 199000 + 2000 > 200000",
    ):
        for step in (status(400, message), complains("", message)):
            server.does(step)
            assert (failure(model).kind, message) == ("out_of_context", message)
            assert len(server.asked) == 1


@PROVIDERS
def test_a_server_that_is_no_models_sends_what_cannot_be_read(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(page())
    assert failure(opens(provider)).kind == "broken"


@PROVIDERS
def test_a_connection_that_closes_before_the_first_word_is_told(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(cuts(""))
    assert failure(opens(provider, IMPATIENT)).kind in ("cut_off", "unreachable")


def test_a_missing_key_is_told_as_one(
    server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    server.does(status(401))
    model = LanguageModel(server.choice("anthropic", key=None))
    assert failure(model).kind == "key"
    model.close()


def test_a_key_is_in_no_text(server: ScriptedModel, opens: Opens) -> None:
    model = opens()
    assert KEY not in repr(model) + repr(model.choice) + str(model.choice) + model.name
    assert model.choice.key == KEY
