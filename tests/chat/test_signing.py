import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import APIRouter, Request
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.chat.admission import COOKIE, SIGNED_IN_FOR, Way
from assistant.chat.signing import Throttles, _inside, signing_routes
from assistant.store.accounts import Accounts
from assistant.store.records import User
from assistant.store.store import Store
from assistant.store.throttle import Throttle
from tests.chat.door import PAGES, admission_to, behind, client_to, store_in
from tests.fakes import Clock
from tests.store.accounts import PASSWORD, cheap_hasher

if TYPE_CHECKING:
    from httpx2 import Response

WORDS = PAGES.strings.pages
MINUTE = 60.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        store.accounts.add("Ada", "reader", PASSWORD)
        yield store


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the throttles."""
    clock = Clock()
    timed = partial(Throttle, clock=clock)
    monkeypatch.setattr("assistant.chat.signing.Throttle", timed)
    return clock


def app_of(store: Store, way: Way = "password") -> ASGIApp:
    """The routes to sign in, and one that says who asks."""
    admission = admission_to(store, way)
    who = APIRouter()

    @who.get("/")
    def name(request: Request) -> str:
        user: User = request.state.user
        return user.name

    return behind(admission, signing_routes(store, admission, PAGES, None), who)


@pytest.fixture
def client(store: Store) -> TestClient:
    return client_to(app_of(store))


def sign_in(
    client: TestClient, name: str = "Ada", password: str = PASSWORD, place: str | None = None
) -> "Response":
    form = {"name": name, "password": password} | ({} if place is None else {"next": place})
    return client.post("/login", data=form)


def fail(client: TestClient, times: int, name: str = "Ada") -> None:
    for _ in range(times):
        assert sign_in(client, name, "wrong").status_code == 401


def said_to_wait(reply: "Response") -> int:
    """The minutes that the page says to wait."""
    before, _, after = WORDS["sign_in_wait"].partition("$minutes")
    assert reply.status_code == 429
    found = re.search(f"{re.escape(before)}(\\d+){re.escape(after)}", unescape(reply.text))
    assert found
    return int(found[1])


# --- the page -------------------------------------------------------------------------


def test_who_is_not_known_gets_the_form(client: TestClient) -> None:
    reply = client.get("/login?next=/thread/1%3Fa%3Db")
    assert reply.status_code == 200
    assert '<form method="post" action="/login">' in reply.text
    assert 'name="next" value="/thread/1?a=b"' in reply.text
    assert "set-cookie" not in reply.headers
    assert client.head("/login").status_code == 200


def test_the_right_password_lets_one_in_and_leads_to_where_one_was(client: TestClient) -> None:
    reply = sign_in(client, place="/thread/1?a=b")
    assert (reply.status_code, reply.headers["location"]) == (303, "/thread/1?a=b")
    assert client.get("/").json() == "Ada"


@pytest.mark.parametrize("name", ["ada", "ADA", "  Ada\n", "\uff21\uff44\uff41"])
def test_a_name_is_known_however_it_is_typed(client: TestClient, name: str) -> None:
    assert sign_in(client, name).status_code == 303
    assert client.get("/").json() == "Ada"


def test_who_is_known_already_is_led_on(client: TestClient) -> None:
    sign_in(client)
    reply = client.get("/login?next=/thread/1")
    assert (reply.status_code, reply.headers["location"]) == (303, "/thread/1")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ada", "wrong"), ("Ada", ""), ("Ada", PASSWORD.upper()), ("Ada", PASSWORD + " "),
        ("Ada", "x" * 3_000), ("Nobody", PASSWORD), ("", PASSWORD), ("", ""), ("local", ""),
        ("You", ""), ("Off", PASSWORD), ("Without", ""), ("Without", "None"), ("A\0da", PASSWORD),
        ("Ada' --", PASSWORD),
    ],
)  # fmt: skip
def test_every_refusal_looks_the_same_and_lets_nobody_in(
    store: Store, name: str, password: str
) -> None:
    store.accounts.local()
    store.accounts.add("Without", "admin", None)
    store.accounts.add("Off", "reader", PASSWORD)
    store.accounts.disable("Off")
    client = client_to(app_of(store))
    reply = sign_in(client, name, password, "/thread/1")
    assert reply.status_code == 401
    assert "set-cookie" not in reply.headers
    assert reply.text == PAGES.sign_in("/thread/1", WORDS["sign_in_refused"], True)
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("way", ["header", "guests"])
def test_where_there_are_no_passwords_none_is_taken(store: Store, way: Way) -> None:
    client = client_to(app_of(store, way))
    if way == "header":
        page = client.get("/login")
        assert "<form" not in page.text
        assert unescape(WORDS["sign_in_elsewhere"]) in unescape(page.text)
    reply = sign_in(client)
    assert reply.status_code == 401
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe\x00", b"name", b"=&=&=", b"&" * 5_000, b'{"name": "Ada"}', b"name=%FF%00%",
        b"name=Ada&password=" + b"x" * 1_000_000, b"a=b&" * 100_000, b"next=" + b"/a" * 50_000,
        b"name=" + b"%41" * 100_000,
    ],
    ids=range(11),
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused_like_any_other(
    client: TestClient, body: bytes
) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    reply = client.post("/login", content=body, headers=kind)
    assert reply.status_code == 401
    assert WORDS["sign_in_refused"] in unescape(reply.text)
    assert len(reply.content) < 20_000
    assert sign_in(client).status_code == 303


# --- where one goes then --------------------------------------------------------------

OUTSIDE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "///evil",
    "http:evil.example", "javascript:alert(1)", "evil.example", "", " /", "/\t/evil.example",
    "/\n/evil.example", "//evil.example/%2f..", "http://evil.example:80/login", "%2f%2fevil",
    "data:text/html,x", "?next=//evil", "#", "/\u2028", "\ud800",
)  # fmt: skip
AGAIN = ("/login", "/login?next=/thread/1", "/logout", "/login#x")
INSIDE = ("/", "/thread/1", "/source/a%2Fb?start=1&end=2", "/?prompt=a+b", "/a//b", "/login/x",
          "/x?next=//evil.example", "/é")  # fmt: skip


@pytest.mark.parametrize("place", [*OUTSIDE, *AGAIN])
def test_nobody_is_led_to_another_website_or_round_in_circles(
    client: TestClient, place: str
) -> None:
    assert _inside(place) == "/"
    if "\ud800" in place:
        return  # no address holds it
    assert 'name="next" value="/"' in client.get("/login", params={"next": place}).text
    reply = sign_in(client, place=place)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    known = client.get("/login", params={"next": place})
    assert (known.status_code, known.headers["location"]) == (303, "/")


@pytest.mark.parametrize("place", INSIDE)
def test_one_is_led_to_any_place_of_ours(client: TestClient, place: str) -> None:
    assert _inside(place) == place
    there = sign_in(client, place=place).headers["location"]
    assert there == place.replace("é", "%C3%A9")


@pytest.mark.parametrize("place", ["http://[", "//[", "https://[evil"])
def test_an_address_that_makes_no_sense_is_none(client: TestClient, place: str) -> None:
    assert client.get("/login", params={"next": place}).status_code == 200
    assert sign_in(client, place=place).headers["location"] == "/"


@given(st.text(st.characters(codec="utf-8"), max_size=20).map("/".__add__))
@example("/\\/evil")
def test_where_one_is_led_begins_with_one_stroke(place: str) -> None:
    there = _inside(place)
    assert re.match(r"/(?![/\\])", there)
    assert there.isprintable()
    assert there in (place, "/")


# --- the cookie -----------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_for_no_script_and_no_other_website(store: Store, scheme: str) -> None:
    client = client_to(app_of(store), f"{scheme}://chat.example")
    first, *flags = sign_in(client).headers["set-cookie"].split("; ")
    assert first.startswith(f"{COOKIE}=ey")
    wanted = {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={SIGNED_IN_FOR}"}
    assert set(flags) == wanted | ({"Secure"} if scheme == "https" else set())


# --- how often ------------------------------------------------------------------------


def test_after_five_wrong_tries_of_a_name_one_has_to_wait_and_is_told_how_long(
    store: Store, clock: Clock
) -> None:
    client = client_to(app_of(store))
    fail(client, 5)
    assert said_to_wait(sign_in(client)) == 15
    assert "set-cookie" not in sign_in(client).headers
    clock.seconds = 10 * MINUTE
    assert said_to_wait(sign_in(client)) == 5
    clock.seconds = 15 * MINUTE - 1
    assert said_to_wait(sign_in(client)) == 1
    clock.seconds = 15 * MINUTE
    assert sign_in(client).status_code == 303


def test_where_one_was_is_remembered_while_one_waits_and_the_password_is_not(
    client: TestClient,
) -> None:
    fail(client, 5)
    reply = sign_in(client, place="/thread/1")
    assert 'name="next" value="/thread/1"' in reply.text
    assert PASSWORD not in reply.text


def test_others_and_other_addresses_do_not_have_to_wait(store: Store) -> None:
    store.accounts.add("Bo", "reader", PASSWORD)
    app = app_of(store)
    here, there = client_to(app), client_to(app, address="10.0.0.2")
    fail(here, 5)
    assert sign_in(here).status_code == 429
    assert sign_in(here, "Bo").status_code == 303
    assert sign_in(there).status_code == 303


def test_one_name_is_one_however_it_is_typed(client: TestClient) -> None:
    for name in ("Ada", "ADA", " ada ", "\uff21\uff44\uff41", "A\u034fda"):
        fail(client, 1, name)
    assert sign_in(client).status_code == 429


def test_the_right_password_forgets_the_wrong_ones_before_it(client: TestClient) -> None:
    for _ in range(3):
        fail(client, 4)
        assert sign_in(client).status_code == 303
    fail(client, 5)
    assert sign_in(client).status_code == 429


def test_after_fifty_wrong_tries_of_any_names_an_address_has_to_wait(store: Store) -> None:
    app = app_of(store)
    here, there = client_to(app), client_to(app, address="10.0.0.2")
    for number in range(50):
        fail(here, 1, f"name {number}")
    assert said_to_wait(sign_in(here)) == 15
    assert sign_in(there).status_code == 303


def test_who_guesses_many_names_is_not_forgiven_for_an_account_of_their_own(store: Store) -> None:
    client = client_to(app_of(store))
    for number in range(49):
        fail(client, 1, f"name {number}")
    assert sign_in(client).status_code == 303
    sign_in(client, "name 49", "wrong")
    assert sign_in(client, "name 50", "wrong").status_code == 429


def test_a_whole_team_signs_in_from_one_address(client: TestClient) -> None:
    assert {sign_in(client).status_code for _ in range(60)} == {303}


class Slow(Accounts):
    """Counts how often a password is checked, which takes a while."""

    checked = 0

    def check(self, name: str, password: str) -> User | None:
        self.checked += 1
        time.sleep(0.2)
        return super().check(name, password)


def test_guesses_at_the_same_time_are_counted_as_well(store: Store) -> None:
    accounts = Slow(store.database, hasher=cheap_hasher())
    app = app_of(replace(store, accounts=accounts))

    async def guess() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            form = {"name": "Ada", "password": "wrong"}
            replies = await asyncio.gather(*(client.post("/login", data=form) for _ in range(20)))
            return sorted(reply.status_code for reply in replies)

    assert asyncio.run(guess()) == [401] * 5 + [429] * 15
    assert accounts.checked == 5


def test_who_has_to_wait_costs_no_work(store: Store) -> None:
    accounts = Slow(store.database, hasher=cheap_hasher())
    client = client_to(app_of(replace(store, accounts=accounts)))
    fail(client, 5)
    for _ in range(5):
        sign_in(client)
    assert accounts.checked == 5
    assert len(store.audit.entries()) == 5


def test_the_throttles_are_of_a_quarter_of_an_hour() -> None:
    throttles = Throttles()
    assert throttles.wait("ada", "here") == 0
    for _ in range(5):
        throttles.tried("ada", "here")
    assert 14 * MINUTE < throttles.wait("ada", "here") <= 15 * MINUTE
    assert throttles.wait("ada", "there") == throttles.wait("bo", "here") == 0
    throttles = Throttles(Throttle(5, 1), Throttle(1, 900))
    throttles.ended("ada", "here", right=False)
    assert throttles.wait("bo", "here") > 14 * MINUTE


# --- what is noted, and leaving -------------------------------------------------------


def test_the_audit_has_who_came_in_and_what_was_refused_without_names_and_passwords(
    store: Store, client: TestClient
) -> None:
    ada = store.accounts.named("Ada")
    fail(client, 1)
    fail(client, 1, "typed a secret here")
    sign_in(client)
    client.post("/logout")
    noted = [(one.who, one.did, one.what) for one in reversed(store.audit.entries())]
    assert noted == [
        ("", "refused", "10.0.0.1"), ("", "refused", "10.0.0.1"), (ada.id, "signed in", ""),
        (ada.id, "signed out", ""),
    ]  # fmt: skip
    for said in ("Ada", "wrong", "secret", PASSWORD):
        assert said not in repr(store.audit.entries())


def test_who_leaves_takes_the_cookie_along(store: Store, client: TestClient) -> None:
    sign_in(client)
    reply = client.post("/logout", headers={"sec-fetch-dest": "empty"})
    assert (reply.status_code, reply.json()) == (200, {"success": True})
    first, *flags = reply.headers["set-cookie"].split("; ")
    assert first == f'{COOKIE}=""'
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=0"} <= set(flags)
    assert COOKIE not in client.cookies
    assert client.get("/").status_code == 303


def test_who_is_not_known_cannot_leave(store: Store, client: TestClient) -> None:
    reply = client.post("/logout", headers={"sec-fetch-dest": "empty"})
    assert reply.status_code == 401
    assert store.audit.entries() == ()
    assert client.get("/logout").status_code in (303, 404, 405)


def test_of_a_guest_nothing_is_noted(store: Store) -> None:
    admission = admission_to(store, "guests")
    client = client_to(app_of(store, "guests"))
    guest = admission.welcome({})
    assert guest
    client.cookies.set(COOKIE, admission.sign(guest))
    assert client.post("/logout").status_code == 200
    assert store.audit.entries() == ()
