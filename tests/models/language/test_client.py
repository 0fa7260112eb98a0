"""Replies as they come, readers who leave, and the end of a model."""

import gc
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.models.language import (
    LONGEST_REPLY,
    LanguageModel,
    Message,
    ModelFailure,
    Patience,
    Stopped,
    Tokens,
)
from tests.models.language.asking import ASKED, COUNTED, IMPATIENT, PROVIDERS, TEXT, Opens
from tests.models.scripted_model import (
    Reply,
    ScriptedModel,
    drips,
    eventually,
    hangs,
    says,
    status,
    words_of,
)

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
