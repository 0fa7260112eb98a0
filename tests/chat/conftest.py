"""A chat that several modules talk to."""

from collections.abc import Iterator

import pytest

from tests.chat.serving import AWAY, Served, scripted_chat


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The scripted chat, which does not wait long for who has left."""
    state = str(tmp_path_factory.mktemp("state"))
    with scripted_chat(XDG_STATE_HOME=state, AWAY=str(AWAY)) as chat:
        yield chat
