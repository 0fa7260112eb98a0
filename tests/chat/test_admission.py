import asyncio
import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.chat.admission import (
    COOKIE,
    SIGNED_IN_FOR,
    Admission,
    Admitting,
    Way,
    admission_for,
    remember,
    token_in,
)
from assistant.chat.pages import Pages
from assistant.chat.strings import read_strings
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.store.accounts import Accounts
from assistant.store.database import Database, StoreError
from assistant.store.records import User
from tests.store.accounts import PASSWORD, cheap_hasher

SECRET = "a secret of the tests, which is long enough to sign with in any of the ways"
WAYS: tuple[Way, ...] = get_args(Way)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    with closing(Database(f"sqlite:///{tmp_path / 'history.db'}")) as database:
        yield Accounts(database, hasher=cheap_hasher())


def admission(accounts: Accounts, way: Way = "password", secret: str = SECRET) -> Admission:
    return Admission(way, accounts, secret, "x-forwarded-user")


def with_cookie(token: str) -> Headers:
    return Headers({"cookie": f"{COOKIE}={token}"})


def signed(user: User, secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
    """What `Admission.sign` makes, with changes."""
    now = int(datetime.now(UTC).timestamp())
    known: dict[str, object] = {
        "identifier": user.id, "display_name": user.name, "metadata": {"epoch": user.epoch},
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    said = {name: value for name, value in (known | changes).items() if value is not None}
    return jwt.encode(said, secret if algorithm != "none" else "", algorithm)


# --- who somebody is ------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"cookie": "x"}, {"x-forwarded-user": "Ada"}])
def test_alone_everybody_is_the_user_of_this_computer(
    accounts: Accounts, headers: dict[str, str]
) -> None:
    accounts.add("Ada", "reader", None)
    door = admission(accounts, "alone")
    assert door.user_of(Headers(headers)) == door.welcome(Headers(headers)) == accounts.local()
    assert door.keeps


def test_who_has_signed_in_is_known_by_the_cookie(accounts: Accounts) -> None:
    ada, bo = (accounts.add(name, "reader", PASSWORD) for name in ("Ada", "Bo"))
    door = admission(accounts)
    assert door.user_of(with_cookie(door.sign(ada))) == ada
    assert door.welcome(with_cookie(door.sign(bo))) == bo
    assert door.keeps


def test_the_cookie_says_no_more_than_who_and_until_when(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "admin", PASSWORD)
    said = jwt.decode(admission(accounts).sign(ada), SECRET, ["HS256"])
    assert said.keys() == {"identifier", "display_name", "metadata", "iat", "exp"}
    assert (said["identifier"], said["metadata"]) == (ada.id, {"epoch": 0})
    assert said["exp"] - said["iat"] == SIGNED_IN_FOR
    assert abs(said["iat"] - datetime.now(UTC).timestamp()) < 60


FORGED: dict[str, Callable[[User], str]] = {
    "nothing": lambda user: "",
    "no token": lambda user: "a.b.c",
    "the id alone": lambda user: user.id,
    "another secret": lambda user: signed(user, "another secret, as long as the first one is"),
    "no signature": lambda user: signed(user, algorithm="none"),
    "another secret and algorithm": lambda user: signed(user, SECRET * 2, algorithm="HS512"),
    "our secret by another algorithm": lambda user: signed(user, algorithm="HS384"),
    "expired": lambda user: signed(user, exp=int(datetime.now(UTC).timestamp()) - 1),
    "not yet issued": lambda user: signed(user, iat=int(datetime.now(UTC).timestamp()) + 3600),
    "nobody": lambda user: signed(user, identifier=str(uuid.uuid4())),
    "no identifier": lambda user: signed(user, identifier=None),
    "no metadata": lambda user: signed(user, metadata=None),
    "metadata that are none": lambda user: signed(user, metadata=["epoch"]),
    "no epoch": lambda user: signed(user, metadata={}),
    "a later epoch": lambda user: signed(user, metadata={"epoch": 1}),
    "an epoch as text": lambda user: signed(user, metadata={"epoch": "0"}),
    "cut": lambda user: signed(user)[:-2],
    "without its signature": lambda user: signed(user).rpartition(".")[0] + ".",
    "of another's payload": lambda user: ".".join(
        (signed(user).split(".")[0], signed(user).split(".")[1][::-1], signed(user).split(".")[2])
    ),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_cookie_that_is_not_of_ours_lets_nobody_in(
    accounts: Accounts, forge: Callable[[User], str]
) -> None:
    ada = accounts.add("Ada", "admin", PASSWORD)
    door = admission(accounts)
    assert door.user_of(with_cookie(signed(ada))) == ada
    assert door.user_of(with_cookie(forge(ada))) is None
    assert door.welcome(with_cookie(forge(ada))) is None


def test_a_cookie_of_before_is_void_once_somebody_is_disabled_or_has_another_password(
    accounts: Accounts,
) -> None:
    ada = accounts.add("Ada", "reader", PASSWORD)
    accounts.add("Bo", "admin", PASSWORD)
    door = admission(accounts)
    before = with_cookie(door.sign(ada))
    accounts.disable("Ada")
    assert door.user_of(before) is None
    assert door.user_of(with_cookie(door.sign(accounts.named("Ada")))) is None
    accounts.enable("Ada")
    assert door.user_of(before) is None
    again = with_cookie(door.sign(accounts.named("Ada")))
    assert door.user_of(again) == accounts.named("Ada")
    accounts.set_password("Ada", "another one for her")
    assert door.user_of(again) is None


def test_somebody_who_was_deleted_is_not_known_any_more(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "reader", PASSWORD)
    cookie = with_cookie(admission(accounts).sign(ada))
    accounts.forget(ada.id)
    assert admission(accounts).user_of(cookie) is None


def test_another_role_holds_at_once_with_the_cookie_of_before(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "reader", PASSWORD)
    cookie = with_cookie(admission(accounts).sign(ada))
    accounts.set_role("Ada", "admin")
    known = admission(accounts).user_of(cookie)
    assert known
    assert known.role == "admin"


@pytest.mark.parametrize("name", ["X-Forwarded-User", "x-forwarded-user", "X-FORWARDED-USER"])
@pytest.mark.parametrize("said", ["Ada", "ada", "ADA"])
def test_a_proxy_says_who_somebody_is_by_a_header_in_any_case(
    accounts: Accounts, name: str, said: str
) -> None:
    ada = accounts.add("Ada", "reader", None)
    door = admission_for(Settings(sign_in="header", sign_in_header=name), accounts, SECRET, False,
                         False)  # fmt: skip
    assert door.user_of(Headers({name: said})) == ada
    assert door.user_of(Headers({name.swapcase(): said})) == ada


@pytest.mark.parametrize("said", [None, "", " ", "Bo", "local", "You", "Ada, Ada", "A\0da"])
def test_whom_the_proxy_does_not_name_or_nobody_knows_is_not_let_in(
    accounts: Accounts, said: str | None
) -> None:
    accounts.add("Ada", "reader", None)
    accounts.local()
    headers = Headers({} if said is None else {"x-forwarded-user": said})
    door = admission(accounts, "header")
    assert door.user_of(headers) is None
    assert door.welcome(headers) is None


def test_somebody_disabled_is_not_let_in_whatever_the_proxy_says(accounts: Accounts) -> None:
    accounts.add("Ada", "reader", None)
    accounts.disable("Ada")
    assert admission(accounts, "header").user_of(Headers({"x-forwarded-user": "Ada"})) is None


def test_where_a_proxy_signs_people_in_the_cookie_alone_lets_nobody_in(accounts: Accounts) -> None:
    door = admission(accounts, "header")
    ada = accounts.add("Ada", "reader", None)
    bo = accounts.add("Bo", "reader", None)
    assert door.user_of(with_cookie(door.sign(ada))) is None
    both = Headers({"x-forwarded-user": "Bo", "cookie": f"{COOKIE}={door.sign(ada)}"})
    assert door.user_of(both) == bo


def test_a_header_lets_nobody_in_where_one_has_a_password(accounts: Accounts) -> None:
    accounts.add("Ada", "reader", PASSWORD)
    assert admission(accounts).user_of(Headers({"x-forwarded-user": "Ada"})) is None


@pytest.mark.parametrize("way", ["password", "header"])
def test_who_came_in_may_stay_until_the_cookie_is_void(accounts: Accounts, way: Way) -> None:
    door = admission(accounts, way)
    token = door.sign(accounts.add("Ada", "reader", None))
    assert door.still_admits(token)
    for forge in (FORGED["expired"], FORGED["another secret"], FORGED["nothing"]):
        assert not door.still_admits(forge(accounts.named("Ada")))
    accounts.disable("Ada")
    assert not door.still_admits(token)


@pytest.mark.parametrize("way", ["alone", "guests"])
def test_who_needed_no_account_may_always_stay(accounts: Accounts, way: Way) -> None:
    assert admission(accounts, way).still_admits("")


def test_guests_get_ids_of_their_own_and_keep_them(accounts: Accounts) -> None:
    door = admission(accounts, "guests")
    guests = [door.welcome(Headers()) for _ in range(2)]
    one, other = [guest for guest in guests if guest]
    assert one.id != other.id
    assert uuid.UUID(one.id).version == 4
    assert (one.role, one.disabled) == ("reader", False)
    again = door.user_of(with_cookie(door.sign(one)))
    assert again
    assert again.id == one.id
    assert door.user_of(Headers()) is None
    assert not door.keeps
    assert not accounts.exist()


@pytest.mark.parametrize("forge", [FORGED["another secret"], FORGED["no signature"]])
def test_a_guest_with_a_forged_cookie_is_another_guest(
    accounts: Accounts, forge: Callable[[User], str]
) -> None:
    door = admission(accounts, "guests")
    guest = door.welcome(Headers())
    assert guest
    forged = with_cookie(forge(guest))
    assert door.user_of(forged) is None
    another = door.welcome(forged)
    assert another
    assert another.id != guest.id


def test_a_guest_never_is_an_admin(accounts: Accounts) -> None:
    door = admission(accounts, "guests")
    admin = accounts.add("Ada", "admin", PASSWORD)
    guest = door.user_of(with_cookie(door.sign(admin)))
    assert guest
    assert guest.role == "reader"


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_made_up_where_one_has_to_sign_in(accounts: Accounts, way: Way) -> None:
    found = admission(accounts, way).welcome(Headers())
    assert (found is None) == (way in ("password", "header", "oauth"))


# --- how people come in ---------------------------------------------------------------

WANTED: dict[tuple[bool, bool, bool, str], Way | None] = {
    # accounts, alone, open to all, sign in
    (True, True, True, "password"): "password",
    (True, True, False, "password"): "password",
    (True, False, True, "password"): "password",
    (True, False, False, "password"): "password",
    (True, True, True, "header"): "header",
    (True, True, False, "header"): "header",
    (True, False, True, "header"): "header",
    (True, False, False, "header"): "header",
    (False, True, True, "password"): "guests",
    (False, False, True, "password"): "guests",
    (False, True, True, "header"): "guests",
    (False, False, True, "header"): "guests",
    (False, True, False, "password"): "alone",
    (False, False, False, "password"): None,
    (False, True, False, "header"): None,
    (False, False, False, "header"): None,
    (True, True, True, "oauth"): "oauth",
    (True, True, False, "oauth"): "oauth",
    (True, False, True, "oauth"): "oauth",
    (True, False, False, "oauth"): "oauth",
    (False, True, True, "oauth"): "guests",
    (False, False, True, "oauth"): "guests",
    (False, True, False, "oauth"): None,
    (False, False, False, "oauth"): None,
}


def test_every_combination_is_thought_of() -> None:
    both = (True, False)
    assert WANTED.keys() == set(
        itertools.product(both, both, both, ("password", "header", "oauth"))
    )


@pytest.mark.parametrize(("given_", "way"), WANTED.items(), ids=map(str, WANTED))
def test_how_people_come_in_depends_on_accounts_and_on_who_reaches_the_chat(
    accounts: Accounts, given_: tuple[bool, bool, bool, Any], way: Way | None
) -> None:
    exist, alone, open_to_all, sign_in = given_
    if exist:
        accounts.add("Ada", "reader", None)
    settings = Settings(sign_in=sign_in, oauth_server="https://id.example", oauth_client="us")
    if way:
        found = admission_for(settings, accounts, SECRET, alone, open_to_all)
        assert (found.way, found.accounts, found.secret) == (way, accounts, SECRET)
        return
    with pytest.raises(UsageError, match="There are no accounts") as caught:
        admission_for(settings, accounts, SECRET, alone, open_to_all)
    assert "assistant user add" in caught.value.remedy
    assert "--open-to-all" in caught.value.remedy


def test_the_user_of_this_computer_is_no_account_and_a_disabled_one_is(accounts: Accounts) -> None:
    accounts.local()
    assert admission_for(Settings(), accounts, SECRET, True, False).way == "alone"
    accounts.add("Ada", "reader", PASSWORD)
    accounts.disable("Ada")
    assert admission_for(Settings(), accounts, SECRET, True, False).way == "password"


# --- the cookie -----------------------------------------------------------------------


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_website(secure: bool) -> None:
    response = Response()
    remember(response, "a.b.c", secure)
    first, *flags = response.headers["set-cookie"].split("; ")
    assert first == f"{COOKIE}=a.b.c"
    wanted = {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={SIGNED_IN_FOR}"}
    assert set(flags) == wanted | ({"Secure"} if secure else set())


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("", ""),
        (f"{COOKIE}=a.b.c", "a.b.c"),
        (f"other=1; {COOKIE}=a.b.c; more=2", "a.b.c"),
        (f"$Version=1; a:b=c@d; {COOKIE}=a.b.c", "a.b.c"),
        (f"{COOKIE}=", ""),
        ("other=1", ""),
        (f"x{COOKIE}=a", ""),
        (";;; =; ===", ""),
    ],
)
def test_the_cookie_is_found_among_others(header: str, token: str) -> None:
    assert token_in({"cookie": header}) == token


@pytest.mark.parametrize("other", ['prefs={"dark":1}', "name=a b", "name=Zoë", "flag"])
def test_the_cookie_is_found_beside_whatever_other_programs_have_set(other: str) -> None:
    assert token_in({"cookie": f"{other}; {COOKIE}=a.b.c"}) == "a.b.c"


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_no_cookie_is_a_failure(header: str) -> None:
    assert isinstance(token_in({"cookie": header}), str)


# --- the door -------------------------------------------------------------------------


class Failing(Accounts):
    """The database does not answer."""

    def __init__(self) -> None:
        """There is none."""

    def with_id(self, user_id: str) -> User | None:
        raise StoreError("The database is <away>.", "Start it.")

    def named(self, name: str) -> User:
        raise StoreError("The database is <away>.", "Start it.")

    def local(self) -> User:
        raise StoreError("The database is <away>.", "Start it.")


def door_of(door: Admission) -> TestClient:
    """An application that says who asks, behind the door."""
    pages = Pages(read_strings())

    def name(request: Request) -> Response:
        user = request.state.user
        return JSONResponse(user.id if user else None)

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(websocket.state.user.id)
        await websocket.close()

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    routes = [WebSocketRoute("/ws", socket), Route("/{path:path}", name, methods=methods)]
    application = Starlette(routes=routes)

    def failed(error: Exception) -> Response:
        return HTMLResponse(pages.failed(str(error)), 500)

    return TestClient(Admitting(application, door, failed), follow_redirects=False)


PUBLIC = ("/healthz", "/readyz", "/login", "/logo", "/assets/a.js", "/public/chat.css",
          "/auth/config", "/project/translations")  # fmt: skip
CLOSED = ("/", "/thread/1", "/source/a", "/file/a", "/take/a.md", "/logout", "/feedback", "/user",
          "/project/threads", "/project/thread/1", "/project/settings", "/prepare", "/loginx",
          "/x/login", "/healthz/", "/assets", "/publicity", "/LOGIN", "/login%0a")  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_who_is_not_known_gets_what_is_for_everybody(accounts: Accounts, path: str) -> None:
    reply = door_of(admission(accounts)).get(path)
    assert (reply.status_code, reply.json()) == (200, None)


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_who_is_not_known_gets_nothing_else(accounts: Accounts, path: str, method: str) -> None:
    client = door_of(admission(accounts))
    script = client.request(method, path, headers={"sec-fetch-dest": "empty"})
    assert (script.status_code, script.json()) == (401, {"detail": "Sign in first."})
    page = client.request(method, path, headers={"sec-fetch-dest": "document"})
    assert page.status_code == 303
    assert page.headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("way", ["password", "header"])
def test_a_document_leads_to_signing_in_and_back_with_all_of_its_address(
    accounts: Accounts, way: Way
) -> None:
    place = "/source/a%20b/c?start=1&end=2&version=x%26y"
    reply = door_of(admission(accounts, way)).get(place)
    there = urlsplit(reply.headers["location"])
    assert (reply.status_code, there.scheme, there.netloc, there.path) == (303, "", "", "/login")
    assert parse_qs(there.query) == {"next": ["/source/a b/c?start=1&end=2&version=x%26y"]}


def test_who_is_known_comes_in_and_the_application_knows_who_it_is(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "reader", PASSWORD)
    door = admission(accounts)
    client = door_of(door)
    client.cookies.set(COOKIE, door.sign(ada))
    for path in (*PUBLIC, *CLOSED):
        files = path.startswith(("/assets/", "/public/"))
        assert client.get(path).json() == (None if files else ada.id)
    with client.websocket_connect("/ws") as socket:
        assert socket.receive_json() == ada.id


def test_guests_come_in_by_opening_a_page_and_not_by_sending(accounts: Accounts) -> None:
    client = door_of(admission(accounts, "guests"))
    first, second = client.get("/").json(), client.get("/").json()
    assert first != second
    assert client.post("/feedback", headers={"sec-fetch-dest": "empty"}).status_code == 401


@pytest.mark.parametrize("way", ["password", "header", "guests"])
def test_a_socket_of_somebody_unknown_is_closed_at_once(accounts: Accounts, way: Way) -> None:
    client = door_of(admission(accounts, way))
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/ws"):
        pass
    assert caught.value.code == 1008


@pytest.mark.parametrize("way", ["alone", "header", "password"])
def test_a_database_that_fails_is_said_and_lets_nobody_in(accounts: Accounts, way: Way) -> None:
    token = signed(accounts.local())
    headers = {"x-forwarded-user": "Ada", "cookie": f"{COOKIE}={token}"}
    client = door_of(Admission(way, Failing(), SECRET, "x-forwarded-user"))
    for path in ("/", "/healthz", "/login"):
        reply = client.get(path, headers=headers)
        assert reply.status_code == 500
        assert "The database is &lt;away&gt;. Start it." in reply.text
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=headers):
        pass
    assert client.get("/assets/a.js", headers=headers).status_code == 200


@pytest.mark.parametrize("way", ["alone", "header", "password"])
def test_behind_the_door_only_the_one_who_was_let_in_is_to_be_found(
    accounts: Accounts, way: Way
) -> None:
    ada, bo = (accounts.add(name, "reader", None) for name in ("Ada", "Bo"))
    door = admission(accounts, way)
    seen: list[Headers] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(Headers(scope=scope))
        await Response()(scope, receive, send)

    headers = {
        "x-forwarded-user": "Ada", "authorization": f"Bearer {signed(bo)}", "accept": "a/b",
        "cookie": f"x=y; {COOKIE}={signed(ada if way == 'password' else bo)}; access_token=z",
    }  # fmt: skip
    client = TestClient(Admitting(application, door, lambda _: Response()))
    assert client.get("/", headers=headers).status_code == 200
    (inside,) = seen
    assert inside["accept"] == "a/b"
    assert "authorization" not in inside
    (cookie,) = inside.getlist("cookie")
    assert cookie.startswith(f"{COOKIE}=")
    known = jwt.decode(cookie.partition("=")[2], SECRET, ["HS256"])
    assert known["identifier"] == (accounts.local() if way == "alone" else ada).id


def test_the_life_of_the_application_passes_the_door(accounts: Accounts) -> None:
    passed: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        raise AssertionError("nothing is to be sent")

    door = Admitting(application, admission(accounts), lambda _: Response())
    asyncio.run(door({"type": "lifespan"}, nothing, nothing))
    assert passed == ["lifespan"]
