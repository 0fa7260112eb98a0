"""The door to language models, before servers of ours that speak the providers' protocols."""

import gc
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import get_args

import pytest

from assistant.errors import ModelError, SettingsError
from assistant.models import language
from assistant.models.language import (
    LONGEST_REPLY,
    OPENAI_ADDRESS,
    FailureKind,
    LanguageModel,
    Message,
    ModelFailure,
    Patience,
    Stopped,
    Tokens,
    choose_model,
)
from tests.models.scripted_model import (
    READ,
    WRITTEN,
    Reply,
    ScriptedModel,
    Step,
    breaks_json,
    complains,
    cuts,
    drips,
    empty,
    ends_without_reason,
    eventually,
    hangs,
    page,
    says,
    status,
    thinks,
    words_of,
)

KEY = "sk-very-secret"
ASKED = [Message("system", "Be brief."), Message("user", "What stays?")]
TEXT = "The core stays [12], and the form may change [3]."
COUNTED = Tokens(READ, WRITTEN, True)
IMPATIENT = Patience(first=0.3, whole=0.6)
PROVIDERS = pytest.mark.parametrize("provider", ["openai-like", "ollama", "anthropic"])
Opens = Callable[..., LanguageModel]


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedModel]:
    with ScriptedModel() as server:
        yield server


@pytest.fixture
def server(running: ScriptedModel) -> Iterator[ScriptedModel]:
    """No test leaves a request behind: whoever does not read any longer has hung up."""
    running.does()
    before = running.under_way
    yield running
    assert eventually(lambda: running.under_way <= before)


@pytest.fixture(scope="module")
def opened() -> Iterator[dict[object, LanguageModel]]:
    """Models that are shared by tests, as readers share them: to open one takes its time."""
    models: dict[object, LanguageModel] = {}
    yield models
    for model in models.values():
        model.close()


@pytest.fixture
def opens(server: ScriptedModel, opened: dict[object, LanguageModel]) -> Opens:
    """Opens a model of the server, or gives the one that is open."""

    def opens(
        provider: str = "openai-like", patience: Patience | None = None, name: str = ""
    ) -> LanguageModel:
        wanted = (provider, patience, name)
        if wanted not in opened:
            choice = server.choice(provider, name, KEY)
            opened[wanted] = LanguageModel(choice, patience, context=4_000, longest=500)
        return opened[wanted]

    return opens


@pytest.fixture
def own(server: ScriptedModel) -> Iterator[Opens]:
    """Opens a model that no other test asks."""
    models: list[LanguageModel] = []

    def own(provider: str = "openai-like") -> LanguageModel:
        models.append(LanguageModel(server.choice(provider, key=KEY), Patience(first=1)))
        return models[-1]

    yield own
    for model in models:
        model.close()


def failure(model: LanguageModel) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        model.complete(ASKED)
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told + repr(caught.value) + str(caught.value)
    return caught.value


# --- what is asked, and what comes back


@PROVIDERS
def test_a_reply_comes_in_pieces_and_ends_with_its_tokens(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(says(TEXT))
    *pieces, tokens = opens(provider).stream(ASKED)
    assert len(pieces) > 10
    assert "".join(str(piece) for piece in pieces) == TEXT
    assert tokens == COUNTED


@PROVIDERS
def test_a_whole_reply_has_its_tokens_too(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(says(TEXT))
    assert opens(provider).complete(ASKED) == (TEXT, COUNTED)


@PROVIDERS
def test_pieces_are_there_before_the_reply_ends(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(hangs("The core"))
    pieces = opens(provider).stream(ASKED)
    assert [next(pieces) for _ in range(3)] == ["The", " co", "re"]


def test_nothing_is_asked_until_somebody_reads(server: ScriptedModel, opens: Opens) -> None:
    model = opens()
    pieces = model.stream(ASKED)
    time.sleep(0.1)
    assert server.paths == []
    assert next(pieces)
    assert len(server.asked) == 1


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


@PROVIDERS
def test_tokens_are_estimated_where_the_server_counts_none(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(says(TEXT, counts=False))
    text, tokens = opens(provider).complete(ASKED)
    assert (text, tokens.counted) == (TEXT, False)
    assert 4 <= tokens.read <= 8
    assert 10 <= tokens.written <= 20


def test_a_model_is_called_as_in_its_setting(opens: Opens) -> None:
    assert opens().name == "openai-like:small"
    assert opens("ollama", name="a/b:7b-q4").name == "ollama:a/b:7b-q4"


def test_each_thread_gets_its_own_reply(server: ScriptedModel, opens: Opens) -> None:
    server.does(lambda body: says(f"You asked: {words_of(body)}", pause=0.005))
    model = opens(patience=Patience(at_once=8))
    questions = [f"What is number {n}?" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda text: model.complete([Message("user", text)])[0], questions))
    assert replies == [f"You asked: {question}" for question in questions]
    assert server.busiest > 1


# --- thinking aloud


@PROVIDERS
def test_what_a_model_thinks_aloud_is_left_out(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(thinks("Is it the core? <b>Or</b> the form?\n\nThe core.", TEXT))
    *pieces, _ = opens(provider).stream(ASKED)
    assert "".join(str(piece) for piece in pieces) == TEXT


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("\n <think></think>The core.", "The core."),
        ("<thinking>Hm.</thinking>\nThe core.", "The core."),
        ("<think>Hm.</think>The <think>core</think>.", "The <think>core</think>."),
        ("<thin ice> The core.", "<thin ice> The core."),
        ("<5 schools.", "<5 schools."),
        ("  The core.", "  The core."),
    ],
)
def test_only_thinking_at_the_beginning_is_left_out_however_it_is_torn(
    server: ScriptedModel, opens: Opens, reply: str, shown: str
) -> None:
    server.does(*(says(reply, piece=piece) for piece in (1, 2, 3, 100)))
    model = opens()
    assert [model.complete(ASKED)[0] for _ in range(4)] == [shown] * 4


def test_a_model_that_only_thinks_wrote_nothing(server: ScriptedModel, opens: Opens) -> None:
    server.does(says("<think>The core?</think>\n"))
    assert failure(opens()).kind == "empty"


@pytest.mark.parametrize("reply", ["<think>The core? Or", "<think>The core.</think>\n"])
def test_a_model_that_thinks_until_its_limit_was_cut_off(
    server: ScriptedModel, opens: Opens, reply: str
) -> None:
    server.does(says(reply, finish="length"))
    assert failure(opens()).kind == "cut_off"


# --- every way to fail

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
    monkeypatch.setattr(language, "_STILL", 0.2)
    server.does(hangs("The core"))
    begun = time.monotonic()
    assert failure(opens(provider)).kind == "slow"
    assert 0.2 <= time.monotonic() - begun < 1
    assert eventually(lambda: server.cancelled == 1)


def test_a_slow_writer_that_goes_on_is_waited_for(
    server: ScriptedModel, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_STILL", 0.3)
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


# --- who does not wait


@PROVIDERS
@pytest.mark.parametrize("step", [hangs(), hangs("The core"), drips(TEXT, 20)])
def test_a_reader_who_stops_is_let_go_at_once_and_the_server_too(
    server: ScriptedModel, opens: Opens, provider: str, step: Reply
) -> None:
    server.does(step)
    stop = threading.Event()
    timer = threading.Timer(0.08, stop.set)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        opens(provider).complete(ASKED, stop)
    assert time.monotonic() - begun < 0.6
    assert eventually(lambda: server.cancelled == 1, 1)
    timer.join()


@pytest.mark.parametrize("step", [status(503, retry_after=10), hangs("The core")])
def test_who_waits_for_a_new_try_or_a_place_can_stop_too(
    server: ScriptedModel, opens: Opens, step: Reply
) -> None:
    server.does(step)
    model = opens(patience=Patience(at_once=1))
    with ThreadPoolExecutor(1) as pool:
        stop = threading.Event()
        held = model.stream(ASKED)
        if step.code == 200:
            next(held)
        waiting = pool.submit(model.complete, ASKED, stop)
        assert eventually(lambda: len(server.asked) == 1)
        stop.set()
        with pytest.raises(Stopped):
            waiting.result(1)
    assert len(server.asked) == 1
    del held  # else the frames of the error keep it


def test_who_has_stopped_before_gets_no_piece(server: ScriptedModel, opens: Opens) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        next(opens().stream(ASKED, stop))


@PROVIDERS
def test_who_drops_the_pieces_ends_the_request(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(hangs("The core"))
    for piece in opens(provider).stream(ASKED):
        assert piece == "The"
        break
    assert eventually(lambda: server.cancelled == 1, 1)


@PROVIDERS
def test_a_reply_without_end_is_left_before_its_end(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(says("The core. " * 100_000, piece=500, pause=0.001))
    pieces: list[str | Tokens] = []
    with pytest.raises(ModelFailure) as caught:
        pieces.extend(opens(provider).stream(ASKED))
    assert caught.value.kind == "too_long"
    assert LONGEST_REPLY / 2 < sum(len(str(piece)) for piece in pieces) <= LONGEST_REPLY
    assert eventually(lambda: server.cancelled == 1, 1)


def test_a_model_goes_on_after_readers_who_left(server: ScriptedModel, opens: Opens) -> None:
    server.does(*[hangs("The core")] * 10, says(TEXT))
    model = opens(patience=Patience(at_once=2))
    for _ in range(10):
        next(model.stream(ASKED))
    assert model.complete(ASKED)[0] == TEXT
    assert eventually(lambda: server.cancelled == 10)


# --- the end


def test_to_close_a_model_ends_what_is_under_way(server: ScriptedModel, own: Opens) -> None:
    server.does(hangs("The core"))
    model = own()
    ended = threading.Event()
    failed: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        try:
            model.complete(ASKED, stop)
        except Exception as error:  # noqa: BLE001  # looked at below
            failed.append(error)
        ended.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert eventually(lambda: server.under_way == 1)
    model.close()
    in_time = ended.wait(1)
    stop.set()
    reader.join()
    assert in_time
    assert isinstance(failed[0], (Stopped, ModelFailure))
    assert eventually(lambda: server.cancelled == 1, 1)


def test_a_closed_model_can_be_asked_again(server: ScriptedModel, own: Opens) -> None:
    model = own()
    for _ in range(2):
        assert model.complete(ASKED)[0] == "Yes."
        model.close()
        model.close()


@pytest.mark.parametrize("step", [says(TEXT), hangs("The core"), hangs()])
def test_a_closed_model_leaves_nothing_open(server: ScriptedModel, step: Reply) -> None:
    server.does(step)
    before = threading.active_count()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LanguageModel(server.choice(), IMPATIENT)
        try:
            model.complete(ASKED)
        except ModelFailure as error:
            assert error.kind == "slow"  # noqa: PT017  # a reply is as good
        model.close()
        assert eventually(lambda: threading.active_count() <= before)
        del model
        gc.collect()
    assert [str(one.message) for one in caught if one.category is ResourceWarning] == []


def test_a_model_that_was_never_asked_can_be_closed(own: Opens) -> None:
    own().close()


# --- what a model is chosen by


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
