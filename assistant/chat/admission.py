"""Who is at the other end of a request, and who is let in at all."""

import hmac
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

import jwt
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.chat.waiting import in_store
from assistant.errors import AssistantError, UsageError
from assistant.settings import Settings
from assistant.store.accounts import AccountNotFound, Accounts
from assistant.store.records import User

COOKIE = "assistant_session"
METRICS = "/metrics"
SIGNED_IN_FOR = 7 * 24 * 3600  # seconds
Way = Literal["alone", "password", "header", "oauth", "guests"]
"""How people come in: `alone` is the one user of this computer; `oauth` with an account that they
have elsewhere; `guests` are strangers of whom nothing is kept."""

# What is there for everybody: the page on which one signs in, what it is made of, and whether the
# server lives.
_PUBLIC = re.compile(
    r"/(?:healthz|readyz|login(?:/oauth(?:/back)?)?|logo|assets/.*|public/.*|auth/.*|project/translations)"
)


@dataclass(frozen=True)
class Admission:
    """Tells who somebody is. `header` is the name of the header with which a proxy says it, and
    `metrics_key` opens the numbers to who is nobody, if it is set."""

    way: Way
    accounts: Accounts
    secret: str
    header: str = ""
    metrics_key: str = field(default="", repr=False)

    @property
    def keeps(self) -> bool:
        """Whether what is said is kept."""
        return self.way != "guests"

    def user_of(self, headers: Mapping[str, str]) -> User | None:
        """Who sends these headers; None if nobody who may come in. Raises StoreError."""
        if self.way == "alone":
            return self.accounts.local()
        if self.way == "header":
            return self.named(headers.get(self.header, ""))
        return self._signed(token_in(headers))

    def welcome(self, headers: Mapping[str, str]) -> User | None:
        """Who is let in without signing in; strangers become guests. Raises StoreError."""
        user = self.user_of(headers)
        return _guest() if user is None and self.way == "guests" else user

    def still_admits(self, token: str) -> bool:
        """Whether who came in with this cookie may stay. Raises StoreError."""
        return self.way in ("alone", "guests") or self._signed(token) is not None

    def scrapes(self, path: str, headers: Mapping[str, str]) -> bool:
        """Whether somebody asks for the numbers, and has the key for them."""
        kind, _, key = headers.get("authorization", "").partition(" ")
        if path != METRICS or kind.lower() != "bearer" or not self.metrics_key:
            return False
        # Headers are read as latin-1: these are the bytes that were sent.
        return hmac.compare_digest(key.strip().encode("latin-1"), self.metrics_key.encode())

    def sign(self, user: User) -> str:
        """The value of the cookie by which a user is known again, also to Chainlit."""
        now = int(datetime.now(UTC).timestamp())
        known = {
            "identifier": user.id,
            "display_name": user.name,
            "metadata": {"epoch": user.epoch},
        }
        return jwt.encode(known | {"iat": now, "exp": now + SIGNED_IN_FOR}, self.secret, "HS256")

    def named(self, name: str) -> User | None:
        """Who has the account of a name; None if nobody who may come in. Raises StoreError."""
        try:
            user = self.accounts.named(name)
        except AccountNotFound:
            return None
        return None if user.disabled else user

    def _signed(self, token: str) -> User | None:
        try:
            said = jwt.decode(token, self.secret, algorithms=["HS256"])
            identifier, epoch = said["identifier"], said["metadata"]["epoch"]
        except (jwt.InvalidTokenError, KeyError, TypeError):
            return None
        if self.way == "guests":
            return _guest(identifier)
        user = self.accounts.with_id(identifier)
        return None if user is None or user.disabled or user.epoch != epoch else user


def admission_for(
    settings: Settings, accounts: Accounts, secret: str, alone: bool, open_to_all: bool
) -> Admission:
    """How people come in: `alone` if nobody else reaches this chat, and `open_to_all` if whoever
    starts it says so. Raises UsageError if it would be open and nobody said so, StoreError."""
    key = settings.metrics_key.get_secret_value() if settings.metrics_key else ""
    if accounts.exist():
        return Admission(settings.sign_in, accounts, secret, settings.sign_in_header.lower(), key)
    if open_to_all:
        return Admission("guests", accounts, secret, metrics_key=key)
    if alone and settings.sign_in == "password":
        return Admission("alone", accounts, secret, metrics_key=key)
    raise UsageError(
        "There are no accounts, and others can reach this address.",
        "Add one with: assistant user add NAME --admin. To let everybody in who reaches it, and "
        "keep nothing of what they ask, start it with --open-to-all.",
    )


def token_in(headers: Mapping[str, str]) -> str:
    """What the cookie holds; empty if there is none."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def remember(response: Response, token: str, secure: bool) -> None:
    """Put the cookie into a response. `secure`: it is only sent where nobody can listen."""
    response.set_cookie(
        COOKIE, token, max_age=SIGNED_IN_FOR, httponly=True, samesite="lax", secure=secure
    )


class Admitting:
    """Lets nobody further than the door who may not come in; puts the others' `user` into the
    state of the request, and whether it `scrapes` the numbers with the key for them."""

    def __init__(
        self, app: ASGIApp, admission: Admission, failed: Callable[[AssistantError], Response]
    ) -> None:
        """`failed` says what is wrong if it cannot be told who somebody is."""
        self._app = app
        self._admission = admission
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, or the life of the application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "http" and self._admission.scrapes(scope["path"], headers):
            await self._app(_known(scope, None, "", scrapes=True), receive, send)
            return
        try:
            user = await in_store(self._user, scope, headers)
        except AssistantError as error:
            await self._turn_away(self._failed(error), scope, receive, send)
            return
        if user is None and not _PUBLIC.fullmatch(scope["path"]):
            await self._turn_away(_sign_in(scope, headers), scope, receive, send)
            return
        token = self._admission.sign(user) if user else ""
        await self._app(_known(scope, user, token), receive, send)

    def _user(self, scope: Scope, headers: Headers) -> User | None:
        if scope["type"] == "http" and scope["path"].startswith(("/assets/", "/public/")):
            return None  # nobody needs to be known for what everybody may have
        opens = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        return self._admission.welcome(headers) if opens else self._admission.user_of(headers)

    async def _turn_away(
        self, response: Response, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await response(scope, receive, send)


def _known(scope: Scope, user: User | None, token: str, scrapes: bool = False) -> Scope:
    """What is behind the door reads cookies in ways of its own: it finds the one that was checked,
    and nothing else by which somebody could be taken for another."""
    headers = [one for one in scope["headers"] if one[0] not in (b"cookie", b"authorization")]
    if token:
        headers.append((b"cookie", f"{COOKIE}={token}".encode()))
    state = scope.get("state", {}) | {"user": user, "scrapes": scrapes}
    return dict(scope) | {"headers": headers, "state": state}


def _sign_in(scope: Scope, headers: Headers) -> Response:
    """To the page on which one signs in, and back; for a script only that it must be done."""
    if scope["type"] == "http" and headers.get("sec-fetch-dest", "document") == "document":
        place = scope["path"]
        if scope["query_string"]:
            place += f"?{scope['query_string'].decode('latin-1')}"
        return RedirectResponse(f"/login?next={quote(place, safe='')}", 303)
    return JSONResponse({"detail": "Sign in first."}, 401)


def _guest(identifier: str = "") -> User:
    return User(
        id=identifier or str(uuid.uuid4()), name="Guest", role="reader", disabled=False, epoch=0,
        created=datetime.now(UTC),
    )  # fmt: skip
