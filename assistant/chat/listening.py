"""Where the chat listens, and what to type into a browser to reach it."""

import errno
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import UsageError

EVERYWHERE = frozenset({"0.0.0.0", "::", ""})


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there. Raises UsageError with what to do."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        both = host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            address[:2], family=family, backlog=512, dualstack_ipv6=both
        )
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"Port {port} is in use, perhaps by another chat of yours.",
                f"Open {address_of(host, port)}, or take any free port with: --port 0",
            ) from error
        problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"Nothing can listen at {host}, port {port}: {problem}.",
            "Choose an address of this computer with --host and a port from 1024 with --port.",
        ) from error
    try:
        yield listener
    finally:
        listener.close()


def address_of(host: str, port: int) -> str:
    """What to type into a browser on this computer."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}"


def is_loopback(host: str) -> bool:
    """Whether nobody from another computer can reach it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
