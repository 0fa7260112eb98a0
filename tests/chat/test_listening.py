"""Where the chat listens, and what is in the way."""

import errno
import socket
from urllib.parse import urlsplit

import pytest

from assistant.chat.listening import address_of, is_loopback, listening
from assistant.errors import UsageError

PATIENCE = 10.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_it_listens_at_the_port_that_was_named() -> None:
    port = free_port()
    with listening("127.0.0.1", port) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), PATIENCE)


def test_port_0_takes_a_free_one() -> None:
    with listening("127.0.0.1", 0) as one, listening("127.0.0.1", 0) as other:
        ports = {one.getsockname()[1], other.getsockname()[1]}
    assert len(ports) == 2
    assert 0 not in ports


def test_a_port_in_use_is_named_with_another_to_try() -> None:
    with (
        listening("127.0.0.1", 0) as first,
        pytest.raises(UsageError) as caught,
        listening("127.0.0.1", port := first.getsockname()[1]),
    ):
        pass
    assert caught.value.message == f"Port {port} is in use, perhaps by another chat of yours."
    assert caught.value.remedy == (
        f"Open http://127.0.0.1:{port}, or take any free port with: --port 0"
    )


def refused_with(monkeypatch: pytest.MonkeyPatch, host: str, port: int, number: int) -> UsageError:
    """What is said if the system refuses with that number."""

    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError(number, "So it is")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UsageError) as caught, listening(host, port):
        pass
    return caught.value


@pytest.mark.parametrize(
    ("host", "address"),
    [("::1", "http://[::1]:8000"), ("0.0.0.0", "http://127.0.0.1:8000")],
)
def test_where_a_port_is_in_use_an_address_is_named_that_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str
) -> None:
    error = refused_with(monkeypatch, host, 8000, errno.EADDRINUSE)
    assert error.remedy.startswith(f"Open {address}, ")


def test_a_port_that_is_not_allowed_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = refused_with(monkeypatch, "127.0.0.1", 80, errno.EACCES)
    assert error.message == "Nothing can listen at 127.0.0.1, port 80: So it is."
    assert "a port from 1024" in error.remedy


@pytest.mark.parametrize(
    "host",
    ["no-such-host.invalid", "192.0.2.1", "2001:db8::1", "http://localhost", "[::1]", "a b", "",
     "a..b", ".a", pytest.param("a" * 64, id="long"), pytest.param("ä" * 64, id="long and ä")],
)  # fmt: skip
def test_a_host_that_is_none_of_this_computer_is_named_with_what_to_do(host: str) -> None:
    with pytest.raises(UsageError) as caught, listening(host, 0):
        pass
    assert caught.value.message.startswith(f"Nothing can listen at {host}, port 0: ")
    assert "--host" in caught.value.remedy
    assert caught.value.exit_code == 2


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("192.168.1.5", "http://192.168.1.5:8000"),
        ("fd00::2", "http://[fd00::2]:8000"),
        ("chat.example", "http://chat.example:8000"),
    ],
)
def test_the_address_is_what_a_browser_on_this_computer_takes(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::1", "::"])
def test_whatever_it_listens_at_can_be_reached_at_the_address_that_is_printed(host: str) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("needs IPv6")
    with listening(host, 0) as listener:
        address = urlsplit(address_of(host, listener.getsockname()[1]))
        socket.create_connection((str(address.hostname), address.port or 0), PATIENCE).close()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.5", False),
        ("fd00::2", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_only_what_stays_on_this_computer_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
