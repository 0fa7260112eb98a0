import hmac
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import APIRouter, Request
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from assistant.chat.admission import COOKIE
from assistant.chat.provider import Provider, provider_for, remembering
from assistant.chat.signing import signing_routes
from assistant.errors import SettingsError
from assistant.prompts import fill
from assistant.settings import Settings
from assistant.store.records import User
from assistant.store.store import Store
from tests.chat.door import PAGES, admission_to, behind, client_to, store_in
from tests.chat.scripted_provider import (
    CLIENT,
    SECRET,
    ScriptedProvider,
    by_hand,
    scripted_provider,
    signed,
)
from tests.chat.serving import SECRET as OURS

if TYPE_CHECKING:
    from httpx2 import Response

WORDS = PAGES.strings.pages


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        store.accounts.add("Ada@team.example", "reader", None)
        yield store


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with scripted_provider() as provider:
        yield provider


def client_of(store: Store, server: str, claim: str = "email") -> TestClient:
    """A browser before the routes to sign in, and one that says who asks."""
    admission = admission_to(store, "oauth")
    who = APIRouter()

    @who.get("/")
    @who.get("/thread/1")
    def name(request: Request) -> str:
        user: User = request.state.user
        return user.name

    provider = Provider(server, CLIENT, SECRET, claim)
    app = behind(admission, signing_routes(store, admission, PAGES, provider), who)
    return client_to(remembering(app, OURS))


@pytest.fixture
def client(store: Store, provider: ScriptedProvider) -> TestClient:
    return client_of(store, provider.address)


def left(client: TestClient, place: str = "/") -> str:
    """The address at the provider to which one is sent."""
    reply = client.get(f"/login/oauth?{urlencode({'next': place})}")
    assert reply.status_code == 302
    return reply.headers["location"]


def sent_back(address: str) -> str:
    """The path to which the provider sends who goes to that address."""
    with httpx.Client(trust_env=False) as browser:
        back = urlsplit(browser.get(address).headers["location"])
    assert (back.scheme, back.netloc, back.path) == ("http", "chat.example", "/login/oauth/back")
    return f"{back.path}?{back.query}"


def come_back(client: TestClient, place: str = "/") -> "Response":
    return client.get(sent_back(left(client, place)), headers={"sec-fetch-site": "cross-site"})


def assert_refused(store: Store, reply: "Response", status: int = 401) -> str:
    """What the page says."""
    assert reply.status_code == status
    assert COOKIE not in reply.headers.get("set-cookie", "")
    assert store.audit.entries()[0].did == "refused"
    assert 'href="/login/oauth' in reply.text  # one can try again
    return unescape(reply.text)


def test_the_page_to_sign_in_leads_to_the_provider_and_wants_no_password(
    client: TestClient, provider: ScriptedProvider
) -> None:
    reply = client.get("/login?next=/thread/1%3Fa%3Db")
    assert fill(WORDS["sign_in_with"], host=urlsplit(provider.address).netloc) in reply.text
    assert 'href="/login/oauth?next=/thread/1%3Fa%3Db"' in reply.text
    assert "<form" not in reply.text
    assert client.post("/login", data={"name": "Ada", "password": "x"}).status_code == 401
    assert provider.asked == []  # nothing is asked before somebody signs in


def test_who_comes_back_is_signed_in_and_is_where_they_wanted_to_go(
    store: Store, client: TestClient
) -> None:
    reply = come_back(client, "/thread/1")
    assert (reply.status_code, reply.headers["location"]) == (303, "/thread/1")
    assert client.get("/thread/1").json() == "Ada@team.example"
    ada = store.accounts.named("ada@team.example")
    assert [(one.who, one.did) for one in store.audit.entries()] == [(ada.id, "signed in")]


def test_the_provider_hears_no_more_than_it_must(client: TestClient) -> None:
    address = left(client, "/thread/1")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert sent["client_id"] == CLIENT
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == "http://chat.example/login/oauth/back"
    assert SECRET not in address
    assert "thread" not in address
    assert set(sent) == {
        "client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri",
        "response_type", "scope", "state",
    }  # fmt: skip


@pytest.mark.parametrize(
    "place", ["https://evil.example", "//evil.example", "/login", "/login/oauth"]
)
def test_nobody_is_led_elsewhere(client: TestClient, place: str) -> None:
    assert come_back(client, place).headers["location"] == "/"


@pytest.mark.parametrize(
    "says",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"},
        {"exp": 1}, {"email": None}, {"email": ["ada@team.example"]}, {"email": " "},
        {"email_verified": False},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_said_of_another_or_of_nobody_lets_nobody_in(
    store: Store, client: TestClient, provider: ScriptedProvider, says: dict[str, object]
) -> None:
    provider.says |= says
    text = assert_refused(store, come_back(client))
    assert urlsplit(provider.address).netloc in text


@pytest.mark.parametrize("how", ["another key", "the public key as a password", "no signature"])
def test_what_the_provider_has_not_signed_lets_nobody_in(
    store: Store, client: TestClient, provider: ScriptedProvider, how: str
) -> None:
    other = RSAKey.generate_key(2048, {"kid": "one"})
    public = provider.key.as_pem(private=False)
    provider.signs = {
        "another key": lambda claims: signed(claims, other),
        "the public key as a password": lambda claims: by_hand(
            claims, "HS256", lambda text: hmac.digest(public, text, "sha256")
        ),
        "no signature": lambda claims: by_hand(claims, "none", lambda _: b""),
    }[how]
    assert_refused(store, come_back(client))


@pytest.mark.parametrize("name", ["bo@team.example", "ada@team.example.evil.example", "<b>bo</b>"])
def test_who_has_no_account_is_told_so(
    store: Store, client: TestClient, provider: ScriptedProvider, name: str
) -> None:
    provider.says["email"] = name
    reply = come_back(client)
    assert fill(WORDS["no_account"], name=name) in assert_refused(store, reply, 403)
    assert "<b>bo" not in reply.text


def test_who_has_been_disabled_is_not_let_in(store: Store, client: TestClient) -> None:
    store.accounts.disable("ada@team.example")
    assert_refused(store, come_back(client), 403)


def test_nobody_is_made_to_sign_in_as_another(store: Store, provider: ScriptedProvider) -> None:
    attacker = client_of(store, provider.address)
    link = sent_back(left(attacker))
    assert_refused(store, client_of(store, provider.address).get(link))
    assert_refused(store, attacker.get(link.replace("state=", "state=x")))


def test_a_code_is_good_for_once(store: Store, client: TestClient) -> None:
    link = sent_back(left(client))
    assert client.get(link).status_code == 303
    client.cookies.delete(COOKIE)
    assert_refused(store, client.get(link))


def test_who_says_no_at_the_provider_is_back_at_the_door(store: Store, client: TestClient) -> None:
    state = parse_qs(urlsplit(left(client)).query)["state"][0]
    reply = client.get(f"/login/oauth/back?error=access_denied&error_description=<b>&state={state}")
    assert "<b>" not in assert_refused(store, reply)


@pytest.mark.parametrize("query", ["", "?code=1", "?state=1", "?code=1&state=1", "?code=&state="])
def test_nobody_comes_back_who_has_not_left(store: Store, client: TestClient, query: str) -> None:
    assert_refused(store, client.get(f"/login/oauth/back{query}"))


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_a_provider_that_fails_lets_nobody_in(
    store: Store, client: TestClient, provider: ScriptedProvider, path: str
) -> None:
    provider.breaks = path
    assert_refused(store, come_back(client))
    provider.breaks = ""
    assert come_back(client).status_code == 303


def test_a_provider_that_cannot_be_reached_is_said_to_be(
    store: Store, client: TestClient, provider: ScriptedProvider
) -> None:
    provider.breaks = "/.well-known/openid-configuration"
    assert "did not sign you in" in assert_refused(store, client.get("/login/oauth"), 502)
    with scripted_provider() as gone:
        pass
    reply = client_of(store, gone.address).get("/login/oauth")
    assert "did not sign you in" in assert_refused(store, reply, 502)


def test_accounts_may_go_by_what_else_the_provider_says(
    store: Store, provider: ScriptedProvider
) -> None:
    provider.says = {"preferred_username": "ADA@team.example", "email": "other@team.example"}
    client = client_of(store, provider.address, "preferred_username")
    assert come_back(client).status_code == 303


def test_there_is_a_provider_only_where_it_is_set() -> None:
    assert provider_for(Settings()) is None
    settings = Settings(sign_in="oauth", oauth_server="https://id.example/", oauth_client="a")
    provider = provider_for(settings)
    assert provider
    assert provider.host == "id.example"


def test_without_its_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "authlib.integrations.starlette_client", None)
    with pytest.raises(SettingsError, match=r"implementation-assistant\[oauth\]"):
        Provider("https://id.example", CLIENT, None, "email")
