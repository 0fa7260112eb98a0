"""Servers that die, and others in their place."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chat.serving import Served, scripted_chat

# What the browser itself and Chainlit's page write when nobody answers.
UNREACHED = ("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "Failed to fetch")


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


@contextmanager
def replaced(first: Served, **environment: str) -> Iterator[Served]:
    """Another process in the place of that one, which is killed."""
    first.process.kill()
    first.process.wait()
    port = first.address.rpartition(":")[2]
    with scripted_chat(PORT=port, **environment) as second:
        assert second.address == first.address
        yield second
