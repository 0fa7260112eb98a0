"""Routes of the chat behind its door, without Chainlit, over a database of their own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.chat.admission import COOKIE, Admission, Admitting, Way
from assistant.chat.pages import Pages
from assistant.chat.routes import add_failures
from assistant.chat.strings import read_strings
from assistant.store.accounts import Accounts
from assistant.store.records import User
from assistant.store.store import Store, open_store
from tests.chat.serving import SECRET
from tests.store.accounts import cheap_hasher

PAGES = Pages(read_strings())


@contextmanager
def store_in(folder: Path) -> Iterator[Store]:
    """An empty store, whose passwords take no time."""
    with closing(open_store(f"sqlite:///{folder / 'history.db'}")) as store:
        yield replace(store, accounts=Accounts(store.database, hasher=cheap_hasher()))


def admission_to(store: Store, way: Way = "password") -> Admission:
    """How people come in to it."""
    return Admission(way, store.accounts, SECRET, "x-forwarded-user")


def behind(admission: Admission, *routers: APIRouter) -> ASGIApp:
    """An application of these routes."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    add_failures(app, PAGES)
    return Admitting(app, admission, lambda error: HTMLResponse(PAGES.failed(str(error)), 500))


def client_to(
    app: ASGIApp, base_url: str = "http://chat.example", address: str = "10.0.0.1"
) -> TestClient:
    """A browser at that address, which follows no redirect by itself."""
    return TestClient(
        app, base_url, follow_redirects=False, raise_server_exceptions=False,
        client=(address, 50_000),
    )  # fmt: skip


def signed_in(app: ASGIApp, admission: Admission, user: User) -> TestClient:
    """The browser of somebody who has signed in, as its scripts ask."""
    client = client_to(app)
    client.cookies.set(COOKIE, admission.sign(user))
    client.headers["sec-fetch-dest"] = "empty"
    return client
