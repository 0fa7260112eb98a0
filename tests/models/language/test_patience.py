"""New tries, and limits of time."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.models.language import ModelFailure, Patience, Tokens
from tests.models.language.asking import ASKED, COUNTED, IMPATIENT, PROVIDERS, TEXT, Opens, failure
from tests.models.scripted_model import (
    Reply,
    ScriptedModel,
    breaks_json,
    complains,
    cuts,
    drips,
    empty,
    eventually,
    hangs,
    says,
    status,
)

# --- new tries


@pytest.mark.parametrize("provider", ["openai-like", "anthropic"])
def test_what_may_pass_is_tried_again(server: ScriptedModel, opens: Opens, provider: str) -> None:
    model = opens(provider)
    for code in (408, 409, 425, 429, 500, 502, 503, 504, 529):
        passing = status(code, retry_after=0.01)
        server.does(passing, says(TEXT))
        assert model.complete(ASKED) == (TEXT, COUNTED)
        assert len(server.asked) == 2


def test_ollama_is_tried_again_too(server: ScriptedModel, opens: Opens) -> None:
    server.does(status(503), says(TEXT))
    assert opens("ollama").complete(ASKED) == (TEXT, COUNTED)
    assert len(server.asked) == 2


@PROVIDERS
def test_what_does_not_pass_is_not_tried_again(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    model = opens(provider)
    for code in (400, 401, 403, 404, 413):
        server.does(status(code, retry_after=0.01), says(TEXT))
        failure(model)
        assert len(server.asked) == 1


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_a_model_is_tried_so_often_and_no_more(
    server: ScriptedModel, opens: Opens, tries: int
) -> None:
    server.does(status(500, retry_after=0.01))
    assert failure(opens(patience=Patience(tries=tries))).kind == "server"
    assert len(server.asked) == tries


def test_a_new_try_comes_when_the_server_says_so(server: ScriptedModel, opens: Opens) -> None:
    server.does(status(429, retry_after=0.25), says(TEXT))
    begun = time.monotonic()
    opens().complete(ASKED)
    assert 0.25 <= time.monotonic() - begun < 1


@pytest.mark.parametrize("retry_after", [1, 25])
def test_a_wait_longer_than_the_patience_is_not_begun(
    server: ScriptedModel, opens: Opens, retry_after: int
) -> None:
    server.does(status(429, retry_after=retry_after), says(TEXT))
    patience = IMPATIENT if retry_after == 1 else Patience()
    begun = time.monotonic()
    assert failure(opens(patience=patience)).kind == "rate_limited"
    assert time.monotonic() - begun < 0.3
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "step", [cuts("The core"), complains("The core", "Overloaded."), breaks_json("The core")]
)
def test_a_reply_that_has_begun_is_not_asked_for_again(
    server: ScriptedModel, opens: Opens, step: Reply
) -> None:
    server.does(step, says(TEXT))
    failure(opens())
    assert len(server.asked) == 1


# --- limits of time


@PROVIDERS
def test_the_first_word_has_a_limit(server: ScriptedModel, opens: Opens, provider: str) -> None:
    server.does(hangs())
    model = opens(provider, Patience(first=0.2))
    begun = time.monotonic()
    assert failure(model).kind == "slow"
    assert 0.2 <= time.monotonic() - begun < 1
    assert eventually(lambda: server.cancelled == 1)


def test_the_limit_of_the_first_word_includes_new_tries(
    server: ScriptedModel, opens: Opens
) -> None:
    server.does(status(500, retry_after=0.1), hangs())
    begun = time.monotonic()
    assert failure(opens(patience=Patience(first=0.2))).kind == "slow"
    assert 0.2 <= time.monotonic() - begun < 1


@PROVIDERS
def test_silence_in_the_middle_has_a_limit(
    server: ScriptedModel, opens: Opens, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.language.patience.STILL", 0.2)
    server.does(hangs("The core"))
    begun = time.monotonic()
    assert failure(opens(provider)).kind == "slow"
    assert 0.2 <= time.monotonic() - begun < 1
    assert eventually(lambda: server.cancelled == 1)


def test_a_slow_writer_that_goes_on_is_waited_for(
    server: ScriptedModel, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.language.patience.STILL", 0.3)
    server.does(drips("The core stays.", 0.6))
    assert opens(patience=Patience(first=0.3)).complete(ASKED)[0] == "The core stays."


@PROVIDERS
def test_the_whole_reply_has_a_limit(server: ScriptedModel, opens: Opens, provider: str) -> None:
    server.does(drips(TEXT, 5))
    begun = time.monotonic()
    pieces: list[str | Tokens] = []
    with pytest.raises(ModelFailure) as caught:
        pieces.extend(opens(provider, Patience(whole=0.4)).stream(ASKED))
    assert caught.value.kind == "slow"
    assert 0.4 <= time.monotonic() - begun < 1.2
    assert eventually(lambda: server.cancelled == 1)


def test_a_place_at_the_model_has_a_limit(server: ScriptedModel, opens: Opens) -> None:
    server.does(hangs("The core"))
    model = opens(patience=Patience(first=0.2, at_once=1))
    first = model.stream(ASKED)
    assert next(first) == "The"
    begun = time.monotonic()
    assert failure(model).kind == "slow"
    assert 0.2 <= time.monotonic() - begun < 1
    assert len(server.asked) == 1
    assert next(first) == " co"
    del first  # else the frames of the error keep it


def test_who_waits_gets_the_place_of_who_leaves(server: ScriptedModel, opens: Opens) -> None:
    server.does(hangs("The core"), says(TEXT))
    model = opens(patience=Patience(at_once=1))
    first = model.stream(ASKED)
    next(first)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(model.complete, ASKED)
        time.sleep(0.1)
        assert not second.done()
        del first
        assert second.result(3)[0] == TEXT


@pytest.mark.parametrize("step", [status(401), breaks_json("The"), empty(), hangs()])
def test_a_failure_gives_its_place_back(server: ScriptedModel, opens: Opens, step: Reply) -> None:
    server.does(step, says(TEXT))
    model = opens(patience=Patience(first=0.3, at_once=1))
    failure(model)
    assert model.complete(ASKED)[0] == TEXT


def test_no_more_are_asked_at_once_than_there_are_places(
    server: ScriptedModel, opens: Opens
) -> None:
    server.does(drips("The core.", 0.1))
    model = opens(patience=Patience(at_once=2))
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: model.complete(ASKED)[0], range(6)))
    assert replies == ["The core."] * 6
    assert server.busiest == 2
