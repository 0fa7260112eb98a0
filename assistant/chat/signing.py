"""The page on which one signs in, and what becomes of a name and a password."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from assistant.chat.admission import COOKIE, Admission, remember
from assistant.chat.pages import Pages
from assistant.chat.provider import RETURNS, STARTS, Provider, ProviderFailed
from assistant.prompts import fill
from assistant.store.credentials import key_of
from assistant.store.records import User
from assistant.store.store import Store
from assistant.store.throttle import Throttle

_LONGEST = 4_000  # characters of a form
_WITHIN = 15 * 60  # seconds
_FAR = "/login", "/logout", STARTS, RETURNS


@dataclass(frozen=True)
class Throttles:
    """How often a password may be guessed: at one name from one address, and at any name from one
    address."""

    name: Throttle = field(default_factory=lambda: Throttle(5, _WITHIN))
    address: Throttle = field(default_factory=lambda: Throttle(50, _WITHIN))

    def wait(self, name: str, address: str) -> float:
        """Seconds until the next try."""
        return max(self.name.wait(f"{address} {name}"), self.address.wait(address))

    def tried(self, name: str, address: str) -> None:
        """One more try, which is only being looked at: others may be made meanwhile."""
        self.name.failed(f"{address} {name}")

    def ended(self, name: str, address: str, right: bool) -> None:
        """What came of it. A right password says nothing of the other names tried from there."""
        if right:
            self.name.succeeded(f"{address} {name}")
        else:
            self.address.failed(address)


def signing_routes(
    store: Store, admission: Admission, pages: Pages, provider: Provider | None,
    note_refusal: Callable[[], None] = lambda: None,
) -> APIRouter:  # fmt: skip
    """`/login` and `/logout`, and the way to the `provider` and back if there is one.
    `note_refusal` is called for who is not let in."""
    router = APIRouter()
    if provider:
        router.include_router(_provider_routes(store, admission, pages, provider, note_refusal))
    throttles = Throttles()
    passwords = admission.way == "password"

    def form(place: str, problem: str = "", status: int = 200) -> HTMLResponse:
        host = provider.host if provider else ""
        return HTMLResponse(pages.sign_in(_inside(place), problem, passwords, host), status)

    @router.api_route("/login", methods=["GET", "HEAD"])
    def sign_in(request: Request, next: str = "/") -> Response:
        if request.state.user is not None:
            return RedirectResponse(_inside(next), 303)
        return form(next)

    @router.post("/login")
    async def signed(request: Request) -> Response:
        body = (await request.body())[:_LONGEST].decode("utf-8", "replace")
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        name, place = sent.get("name", ""), sent.get("next", "/")
        address = request.client.host if request.client else ""
        wait = throttles.wait(key_of(name), address)
        if wait > 0:
            note_refusal()
            minutes = str(max(1, round(wait / 60)))
            line = fill(pages.strings.pages["sign_in_wait"], minutes=minutes)
            return form(place, line, 429)
        throttles.tried(key_of(name), address)
        user = None
        if passwords:
            password = sent.get("password", "")
            user = await run_in_threadpool(store.accounts.check, name, password)
        throttles.ended(key_of(name), address, user is not None)
        if user is None:
            note_refusal()
            await run_in_threadpool(store.audit.note, "", "refused", address)
            return form(place, pages.strings.pages["sign_in_refused"], 401)
        await run_in_threadpool(store.audit.note, user.id, "signed in", "")
        return _welcomed(request, admission, user, place)

    @router.post("/logout")
    def sign_out(request: Request) -> Response:
        user: User | None = request.state.user
        if user is not None and admission.keeps:
            store.audit.note(user.id, "signed out", "")
        response = JSONResponse({"success": True})  # the page goes to /login by itself
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return router


def _provider_routes(
    store: Store, admission: Admission, pages: Pages, provider: Provider,
    note_refusal: Callable[[], None],
) -> APIRouter:  # fmt: skip
    router = APIRouter()

    async def refused(request: Request, problem: str, status: int) -> HTMLResponse:
        note_refusal()
        address = request.client.host if request.client else ""
        await run_in_threadpool(store.audit.note, "", "refused", address)
        return HTMLResponse(pages.sign_in("/", problem, False, provider.host), status)

    @router.get(STARTS)
    async def leave(request: Request, next: str = "/") -> Response:
        back = str(request.url.replace(path=RETURNS, query=""))
        try:
            return await provider.leave(request, back, _inside(next))
        except ProviderFailed as error:
            return await refused(request, str(error), 502)

    @router.get(RETURNS)
    async def returned(request: Request) -> Response:
        try:
            name, place = await provider.name_of(request)
        except ProviderFailed as error:
            return await refused(request, str(error), 401)
        user = await run_in_threadpool(admission.named, name)
        if user is None:
            return await refused(request, fill(pages.strings.pages["no_account"], name=name), 403)
        await run_in_threadpool(store.audit.note, user.id, "signed in", "")
        return _welcomed(request, admission, user, place)

    return router


def _welcomed(request: Request, admission: Admission, user: User, place: str) -> Response:
    response = RedirectResponse(_inside(place), 303)
    remember(response, admission.sign(user), request.url.scheme == "https")
    return response


def _inside(place: str) -> str:
    """An address of our own; whoever made the link may have meant another website."""
    ours = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return place if ours and urlsplit(place).path not in _FAR else "/"
