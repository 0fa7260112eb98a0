"""A chat, and an assistant, that several modules talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import Assistant
from tests.chat.serving import AWAY, Served, scripted_chat
from tests.corpora import build_small, small_assistant, write_corpus


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The scripted chat, which does not wait long for who has left."""
    state = str(tmp_path_factory.mktemp("state"))
    with scripted_chat(XDG_STATE_HOME=state, AWAY=str(AWAY)) as chat:
        yield chat


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over two small documents."""
    build_small(tmp_path / "index", write_corpus(tmp_path / "corpus", 2))
    made = small_assistant(tmp_path / "index")
    yield made
    made.close()
