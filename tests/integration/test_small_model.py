"""A real, very small language model, from the server to the answer.

Opt-in: `make demo-llm` installs what it needs, then `pytest -m small_model`.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import open_assistant
from assistant.models.language import (
    LanguageModel,
    Message,
    ModelFailure,
    Patience,
    Stopped,
    choose_model,
)
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from tests.models.small_model import CONTEXT, MODEL, small_model, weights

pytestmark = [
    pytest.mark.small_model,
    pytest.mark.skipif(weights() is None, reason="the small model is not installed"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with small_model() as address:
        yield address


def door(address: str, patience: Patience | None = None) -> LanguageModel:
    return LanguageModel(choose_model(MODEL, address, None), patience, CONTEXT)


def test_it_streams_its_words_one_by_one_and_counts_its_tokens(address: str) -> None:
    model = door(address)
    pieces = list(model.stream([Message("user", "Name three colours.")]))
    assert len(pieces) > 5
    assert pieces[-1].counted  # type: ignore[union-attr]
    model.close()


def test_it_stops_when_the_reader_leaves(address: str) -> None:
    model, stop = door(address), threading.Event()
    threading.Timer(0.5, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        list(model.stream([Message("user", "Write a very long story of a school.")], stop))
    assert time.monotonic() - begun < 5
    text, _ = model.complete([Message("user", "Say yes.")])  # its place is free again
    assert text
    model.close()


def test_it_is_not_waited_for_longer_than_is_said(address: str) -> None:
    model = door(address, Patience(first=30, whole=0.3, tries=1))
    with pytest.raises(ModelFailure) as caught:
        model.complete([Message("user", "Write a very long story of a school.")])
    assert caught.value.kind == "slow"
    model.close()


def test_more_than_it_can_hold_is_told_so(address: str) -> None:
    model = door(address)
    with pytest.raises(ModelFailure) as caught:
        model.complete([Message("user", "word " * 2 * CONTEXT)])
    assert caught.value.kind == "out_of_context"
    model.close()


def test_what_it_invents_never_counts_as_supported(address: str, library_index: Path) -> None:
    settings = Settings(
        index=library_index, model=MODEL, model_url=address, model_context=CONTEXT,
        model_first_seconds=120, model_seconds=300, unsupported="show",
    )  # fmt: skip
    assistant = open_assistant(settings, TerminalProgress())
    try:
        for question in ("How long does full implementation take?", "Who is on the team?"):
            answer = assistant.ask(question)
            for claim in answer.claims:
                if claim.support == "verbatim":
                    quotes = [answer.citations[n - 1].quote for n in claim.citations]
                    assert any(claim.text.rstrip(".") in " ".join(q.split()) for q in quotes)
                if claim.support == "unsupported":
                    assert claim.reason
            for citation in answer.citations:
                _, text = assistant.show(citation.document_id)
                assert text[citation.start : citation.end] == citation.quote
    finally:
        assistant.close()
