"""Who may come in, by HTTP or by socket, and what every reply says about itself to the browser.

A chat on 127.0.0.1 is within reach of every web page that the same browser opens. Names that are
not ours (DNS rebinding) and pages of other origins are refused before anything is read.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# Chainlit's page writes style attributes; its scripts are files of ours and of its own.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none, browsers hide the origin of our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d+)?")
_HASHED = re.compile(r"/assets/.*-[\w-]{8}\.m?(?:js|css)$")


class Guard:
    """Lets in requests under a known name and from our own pages; adds the headers."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        any_address: bool,
        refusal: Callable[[str | None], str],
    ) -> None:
        """`hosts` are names without port. `any_address` admits IP addresses as well: no other
        site can have one for its name. `refusal` writes the page for a name that is refused, or
        for another origin (None)."""
        self._app = app
        self._hosts = LOOPBACK | hosts
        self._any_address = any_address
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, or the life of the application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = _name(headers.get("host", ""))
        if not self._knows(name):
            await self._refuse(421, name, scope, receive, send)
        elif not _of_our_own(headers):
            await self._refuse(403, None, scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, _with_headers(send, scope["path"]))
        else:
            await self._app(scope, receive, send)

    def _knows(self, name: str) -> bool:
        return name in self._hosts or (self._any_address and _is_address(name))

    async def _refuse(
        self, status: int, name: str | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        response = HTMLResponse(self._refusal(name), status)
        await response(scope, receive, _with_headers(send, scope["path"]))


class Doors:
    """The part of another application that is served: what is not named is not there.

    Chainlit has routes for uploads, threads, tools and its own documentation that this chat does
    not use, and answers every other address with its page.
    """

    def __init__(
        self,
        app: ASGIApp,
        doors: Mapping[str, re.Pattern[str]],
        socket: re.Pattern[str],
        missing: Callable[[], Response],
    ) -> None:
        """`doors` has the paths by HTTP method, `socket` those of sockets."""
        self._app = app
        self._doors = doors
        self._socket = socket
        self._missing = missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, or say that there is no such page."""
        socket = scope["type"] == "websocket"
        method = scope.get("method", "")
        door = self._socket if socket else self._doors.get("GET" if method == "HEAD" else method)
        if door and door.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
        elif socket:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._missing()(scope, receive, send)


class Bounded:
    """Takes no more of a request than is sent by pages of ours, and does not read the rest."""

    def __init__(
        self, app: ASGIApp, most: int, refusal: Callable[[], str],
        more: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        """`most` is in bytes; where a path begins with a key of `more`, so many may be sent.
        `refusal` writes the page for what is larger."""
        self._app = app
        self._most = most
        self._refusal = refusal
        self._more = more or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; sockets have bounds of their own."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        path = scope["path"]
        more = (many for begins, many in self._more.items() if path.startswith(begins))
        most = next(more, self._most)
        if not said.isdecimal() or int(said) > most:
            await self._refuse(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:  # it did not say how much it would be
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"connection": "close"}
        await HTMLResponse(self._refusal(), 413, headers)(scope, receive, send)


def _name(host: str) -> str:
    """The name in a Host header, without its port; empty if it makes no sense."""
    found = _HOST.fullmatch(host)
    return found[1].strip("[]").rstrip(".").lower() if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _of_our_own(headers: Headers) -> bool:
    """Whether a request comes from a page of ours, or is somebody opening an address.

    Browsers always send Origin with a socket and with what can change something.
    """
    origin = headers.get("origin")
    if origin is not None:
        scheme, _, place = origin.lower().partition("://")
        return scheme in ("http", "https") and place == headers.get("host", "").lower() != ""
    site = headers.get("sec-fetch-site", "none")
    return site in ("none", "same-origin") or headers.get("sec-fetch-mode") == "navigate"


def _with_headers(send: Send, path: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            for_ever = _HASHED.match(path) and message["status"] == 200
            headers.setdefault("cache-control", _FOR_EVER if for_ever else "no-store")
        await send(message)

    return send_with_headers
