import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.guard import HEADERS, Bounded, Doors, Guard

OURS = [
    "localhost",
    "localhost:8000",
    "LOCALHOST:8000",
    "LocalHost",
    "localhost.",
    "localhost.:8000",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:65535",
    "[::1]",
    "[::1]:8000",
]
NOT_OURS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8000",
    "evil.example.localhost",
    "notlocalhost",
    "localhost:80@evil.example",
    "127.0.0.1:8000@evil.example:8000",
    "127.0.0.2",
    "[::2]",
    "0.0.0.0:8000",
    "192.168.1.5:8000",
    "2130706433",
    "0x7f.1",
    "",
    ":8000",
    ".",
    "[::1",
    "::1]",
    "[]",
    "[localhost]",
    "//localhost",
    "/localhost",
    "http://localhost",
    "\x00",
    "lo\xffcalhost",
]
NO_HOST_AT_ALL = [
    "evil.example@localhost",
    "localhost/evil.example",
    "localhost?evil.example",
    "localhost#evil.example",
    "localhost:evil.example",
    "localhost, evil.example",
]


@dataclass
class Inside:
    """An application that remembers who came in, and answers with a page."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.called.append(scope["type"])
        if scope["type"] == "http":
            response = PlainTextResponse("inside", self.status, self.headers)
            await response(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1000})


def refusal(name: str | None) -> str:
    return f"<p>no: {name}</p>"


def guard(inside: ASGIApp, *hosts: str, any_address: bool = False) -> Guard:
    return Guard(inside, frozenset(hosts), any_address, refusal)


def scope_of(
    kind: str, headers: dict[str, str], path: str = "/", method: str = "GET"
) -> dict[str, Any]:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": kind, "path": path, "headers": raw, "query_string": b""}
    return scope | ({"method": method} if kind == "http" else {})


def talk(app: ASGIApp, scope: dict[str, Any], said: list[Message] | None = None) -> list[Message]:
    """What an application says to one request or to one socket that wants to come in."""
    said = [] if said is None else said
    first = "websocket.connect" if scope["type"] == "websocket" else "http.request"

    async def receive() -> Message:
        return {"type": first, "body": b""}

    async def send(message: Message) -> None:
        said.append(message)

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return said


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


def request(
    app: ASGIApp, path: str = "/", method: str = "GET", host: str | None = "localhost:8000",
    **headers: str,
) -> Reply:  # fmt: skip
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    scope = scope_of("http", ({} if host is None else {"host": host}) | named, path, method)
    start, *rest = talk(app, scope)
    body = b"".join(part.get("body", b"") for part in rest)
    shown = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], shown, body.decode())


def socket(app: ASGIApp, host: str | None = "localhost:8000", **headers: str) -> list[Message]:
    named = ({} if host is None else {"host": host}) | headers
    return talk(app, scope_of("websocket", named, "/ws/socket.io/"))


REFUSED = [{"type": "websocket.close", "code": 1008}]
ACCEPTED = [{"type": "websocket.accept"}, {"type": "websocket.close", "code": 1000}]


@pytest.mark.parametrize("host", OURS)
def test_this_computers_own_names_are_let_in(host: str) -> None:
    inside = Inside()
    assert request(guard(inside), host=host).body == "inside"
    assert socket(guard(inside), host) == ACCEPTED
    assert inside.called == ["http", "websocket"]


@pytest.mark.parametrize("host", [*NOT_OURS, None])
def test_any_other_name_is_refused_before_anything_is_read(host: str | None) -> None:
    inside = Inside()
    reply = request(guard(inside), host=host)
    assert reply.status == 421
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.body.startswith("<p>no: ")
    assert socket(guard(inside), host) == REFUSED
    assert inside.called == []


@pytest.mark.parametrize("host", NO_HOST_AT_ALL)
def test_a_host_header_that_is_no_name_with_a_port_is_refused(host: str) -> None:
    inside = Inside()
    assert request(guard(inside), host=host).status == 421
    assert socket(guard(inside), host) == REFUSED
    assert inside.called == []


def test_the_refusal_names_the_name_that_was_asked_for() -> None:
    assert request(guard(Inside()), host="Evil.Example:8000").body == "<p>no: evil.example</p>"
    assert request(guard(Inside()), host="[::1").body == "<p>no: </p>"


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_host_header_makes_the_guard_fail(host: str) -> None:
    assert request(guard(Inside()), host=host).status in (200, 421)


@pytest.mark.parametrize("host", ["chat.example", "chat.example:8000", "CHAT.example.:8000"])
def test_a_name_that_was_added_is_let_in_beside_the_own_ones(host: str) -> None:
    inside = Inside()
    door = guard(inside, "chat.example")
    assert request(door, host=host).status == 200
    assert socket(door, host) == ACCEPTED
    assert request(door, host="127.0.0.1:8000").status == 200
    assert request(door, host="other.example").status == 421
    assert request(door, host="chat.example.evil.example").status == 421


@pytest.mark.parametrize(
    "host",
    ["192.168.1.5:8000", "10.0.0.1", "0.0.0.0:80", "[fd00::2]:8000", "[2001:DB8::1]", "[::1]:1"],
)
def test_where_any_address_will_do_ip_addresses_are_let_in(host: str) -> None:
    door = guard(Inside(), any_address=True)
    assert request(door, host=host).status == 200
    assert socket(door, host) == ACCEPTED


@pytest.mark.parametrize(
    "host",
    ["evil.example", "192.168.1.5.evil.example", "192.168.1", "1.2.3.4.5", "0x7f.0.0.1",
     "[fd00::2", "[evil.example]", "3232235777", "", None],
)  # fmt: skip
def test_where_any_address_will_do_no_other_name_does(host: str | None) -> None:
    inside = Inside()
    door = guard(inside, any_address=True)
    assert request(door, host=host).status == 421
    assert socket(door, host) == REFUSED
    assert inside.called == []


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("localhost:8000", "http://LOCALHOST:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost", "http://localhost"),
        ("localhost:8443", "https://localhost:8443"),
    ],
)
def test_pages_of_our_own_may_ask(host: str, origin: str) -> None:
    inside = Inside()
    assert request(guard(inside), host=host, method="POST", origin=origin).status == 200
    assert socket(guard(inside), host, origin=origin) == ACCEPTED


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9000",
        "http://localhost",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "http://evil.example",
        "http://evil.example:8000",
        "http://localhost:8000.evil.example",
        "http://localhost:8000@evil.example",
        "http://evil.example@localhost:8000",
        "null",
        "",
        "localhost:8000",
        "//localhost:8000",
        "file://",
        "file://localhost:8000",
        "http://localhost:8000, http://evil.example",
        "http://[::1",
        "http://[evil]:8000",
        "\x00",
        "*",
    ],
)
def test_pages_of_other_origins_are_refused_before_anything_is_read(origin: str) -> None:
    inside = Inside()
    reply = request(guard(inside), method="POST", origin=origin)
    assert (reply.status, reply.body) == (403, "<p>no: None</p>")
    assert socket(guard(inside), origin=origin) == REFUSED
    assert inside.called == []


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_origin_makes_the_guard_fail(origin: str) -> None:
    assert request(guard(Inside()), origin=origin).status in (200, 403)
    assert request(guard(Inside()), origin=f"http://{origin}").status in (200, 403)


@pytest.mark.parametrize(
    ("fetched", "status"),
    [
        ({}, 200),
        ({"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, 200),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}, 200),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "no-cors"}, 200),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "navigate"}, 200),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "cors"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "websocket"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "no-cors"}, 403),
        ({"sec_fetch_site": "nonsense", "sec_fetch_mode": "no-cors"}, 403),
    ],
)
def test_without_origin_only_who_opens_an_address_comes_from_elsewhere(
    fetched: dict[str, str], status: int
) -> None:
    inside = Inside()
    assert request(guard(inside), **fetched).status == status
    assert inside.called == (["http"] if status == 200 else [])


def test_an_origin_of_another_site_is_not_excused_by_navigation() -> None:
    reply = request(
        guard(Inside()), method="POST", origin="http://evil.example",
        sec_fetch_site="cross-site", sec_fetch_mode="navigate",
    )  # fmt: skip
    assert reply.status == 403


def failing() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def fail() -> None:
        raise RuntimeError("a secret of the inside")

    return app


def all_headers(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name in HEADERS}


@pytest.mark.parametrize("status", [200, 204, 303, 404, 405, 422, 500, 503])
def test_every_reply_carries_all_headers(status: int) -> None:
    assert all_headers(request(guard(Inside(status=status)))) == HEADERS


def test_refusals_carry_all_headers() -> None:
    for reply in (
        request(guard(Inside()), host="evil.example"),
        request(guard(Inside()), origin="http://evil.example"),
    ):
        assert all_headers(reply) == HEADERS
        assert reply.headers["cache-control"] == "no-store"


def test_the_reply_to_a_failure_carries_all_headers_and_no_traceback() -> None:
    said: list[Message] = []
    with pytest.raises(RuntimeError, match="a secret of the inside"):
        talk(guard(failing()), scope_of("http", {"host": "localhost"}), said)
    shown = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    assert said[0]["status"] == 500
    assert {name: shown[name] for name in HEADERS} == HEADERS
    assert b"secret" not in said[1]["body"]


def test_headers_of_the_inside_do_not_weaken_ours() -> None:
    weak = {"Content-Security-Policy": "default-src *", "X-Frame-Options": "SAMEORIGIN"}
    scope = scope_of("http", {"host": "localhost"})
    start = talk(guard(Inside(headers=weak)), scope)[0]
    policies = [v.decode() for n, v in start["headers"] if n == b"content-security-policy"]
    frames = [v.decode() for n, v in start["headers"] if n == b"x-frame-options"]
    assert policies == [HEADERS["content-security-policy"]]
    assert frames == ["DENY"]


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/assets/index-B2u6IBgX.js", 200, "public, max-age=31536000, immutable"),
        ("/assets/index-BtjwbfYI.css", 200, "public, max-age=31536000, immutable"),
        ("/assets/pdf.worker-a_b-c123.mjs", 200, "public, max-age=31536000, immutable"),
        ("/assets/index-B2u6IBgX.js", 404, "no-store"),
        ("/assets/index-B2u6IBgX.js", 500, "no-store"),
        ("/assets/index.js", 200, "no-store"),
        ("/assets/index-B2u6IBgX.js.html", 200, "no-store"),
        ("/public/chat.js", 200, "no-store"),
        ("/public/index-B2u6IBgX.js", 200, "no-store"),
        ("/source/assets/index-B2u6IBgX.txt", 200, "no-store"),
        ("/", 200, "no-store"),
        ("/readyz", 503, "no-store"),
    ],
)
def test_only_files_named_by_their_content_are_kept_by_the_browser(
    path: str, status: int, expected: str
) -> None:
    reply = request(guard(Inside(status=status)), path)
    assert reply.headers["cache-control"] == expected


def test_a_document_is_not_kept_for_its_id() -> None:
    reply = request(guard(Inside()), "/source/x/assets/guide-12345678.js")
    assert reply.headers["cache-control"] == "no-store"


def test_the_life_of_the_application_goes_through() -> None:
    inside = Inside()
    assert talk(guard(inside), {"type": "lifespan"}) == []
    assert inside.called == ["lifespan"]


def policy() -> dict[str, list[str]]:
    parts = [part.split() for part in HEADERS["content-security-policy"].split(";")]
    return {name: sources for name, *sources in parts}


def test_scripts_are_files_of_this_server_and_nothing_else() -> None:
    assert policy()["script-src"] == ["'self'"]
    assert policy()["default-src"] == ["'self'"]
    assert not {"script-src-elem", "script-src-attr", "worker-src"} & set(policy())


def test_the_policy_names_no_other_host() -> None:
    known = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    named = {source for sources in policy().values() for source in sources}
    assert named <= known
    inline = [name for name, sources in policy().items() if "'unsafe-inline'" in sources]
    assert inline == ["style-src"]


def test_no_page_can_frame_ours_and_no_form_leads_elsewhere() -> None:
    assert policy()["frame-ancestors"] == ["'none'"]
    assert policy()["base-uri"] == ["'none'"]
    assert policy()["object-src"] == ["'none'"]
    assert policy()["form-action"] == ["'self'"]
    assert policy()["connect-src"] == ["'self'"]


def doors(inside: ASGIApp) -> Doors:
    named = {
        "GET": re.compile("/user|/project/settings"),
        "POST": re.compile("/project/action"),
    }
    socket = re.compile(r"/ws/socket\.io/?")
    return Doors(inside, named, socket, lambda: HTMLResponse("nothing here", 404))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/user"),
        ("HEAD", "/user"),
        ("GET", "/project/settings"),
        ("HEAD", "/project/settings"),
        ("POST", "/project/action"),
    ],
)
def test_what_is_named_is_served(method: str, path: str) -> None:
    inside = Inside()
    assert request(doors(inside), path, method).status == 200
    assert inside.called == ["http"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/user"),
        ("PUT", "/user"),
        ("DELETE", "/user"),
        ("OPTIONS", "/user"),
        ("WEBSOCKET", "/user"),
        ("", "/user"),
        ("get", "/user"),
        ("GET", "/project/action"),
        ("HEAD", "/project/action"),
        ("GET", "/user/"),
        ("GET", "/user/x"),
        ("GET", "/x/user"),
        ("GET", "/user\n"),
        ("GET", "//user"),
        ("GET", "/project/settings/../file"),
        ("GET", "/nonsense"),
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/ws/socket.io/"),
        ("POST", "/ws/socket.io/"),
    ],
)
def test_what_is_not_named_is_not_there(method: str, path: str) -> None:
    inside = Inside()
    reply = request(doors(inside), path, method)
    assert (reply.status, reply.body) == (404, "nothing here")
    assert inside.called == []


@pytest.mark.parametrize("path", ["/ws/socket.io", "/ws/socket.io/"])
def test_the_socket_that_is_named_is_served(path: str) -> None:
    assert talk(doors(Inside()), scope_of("websocket", {}, path)) == ACCEPTED


@pytest.mark.parametrize("path", ["/", "/ws/socket-io/", "/ws/socket.io/x", "/user", "/ws"])
def test_a_socket_elsewhere_is_closed_before_it_is_open(path: str) -> None:
    inside = Inside()
    assert talk(doors(inside), scope_of("websocket", {}, path)) == REFUSED
    assert inside.called == []


class Reading:
    """An application that reads all that is sent to it."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            more = True
            while more:
                message = await receive()
                self.read += len(message.get("body", b""))
                more = message.get("more_body", False)
        await PlainTextResponse("read")(scope, receive, send)


def bounded_reply(app: ASGIApp, *pieces: bytes, length: str | None = None) -> tuple[int, str]:
    """The status and the text for a body in pieces."""
    headers = [] if length is None else [(b"content-length", length.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    coming = [
        {"type": "http.request", "body": piece, "more_body": n < len(pieces)}
        for n, piece in enumerate(pieces, 1)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Bounded(app, 10, lambda: "too much")(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent).decode()


def test_as_much_as_is_allowed_is_handed_on() -> None:
    app = Reading()
    assert bounded_reply(app, b"12345", b"67890", length="10") == (200, "read")
    assert app.read == 10


@pytest.mark.parametrize("length", ["11", "99999999999999999999", "-1", "1e3", "²"])
def test_what_says_that_it_is_larger_is_not_read(length: str) -> None:
    app = Reading()
    assert bounded_reply(app, b"", length=length) == (413, "too much")
    assert app.read == 0


def test_what_turns_out_to_be_larger_is_given_up() -> None:
    app = Reading()
    with pytest.raises(HTTPException) as caught:
        bounded_reply(app, b"12345", b"67890", b"1", b"never")
    assert caught.value.status_code == 413
    assert app.read == 10
