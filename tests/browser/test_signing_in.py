"""A team's server, on which one signs in with a name and a password."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.store.accounts import Accounts
from assistant.store.database import Database
from tests.browser.test_accessibility import assert_nothing_is_found
from tests.browser.visits import PHONE, STRINGS, Chat, Visits
from tests.chat.scripted_provider import ScriptedProvider, scripted_provider
from tests.chat.serving import Served, scripted_chat
from tests.fakes import QUOTES
from tests.store.accounts import PASSWORD, cheap_hasher

PAGES = STRINGS.pages


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Served]:
    """A server that Ada may use."""
    database = f"sqlite:///{tmp_path}/history.db"
    with closing(Database(database)) as opened:
        Accounts(opened, hasher=cheap_hasher()).add("Ada", "reader", PASSWORD)
    with scripted_chat(WAY="password", DATABASE=database, XDG_STATE_HOME=str(tmp_path)) as served:
        yield served


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Served, ScriptedProvider]]:
    """A server that Ada may use, and the provider that signs her in."""
    database = f"sqlite:///{tmp_path}/history.db"
    with closing(Database(database)) as opened:
        Accounts(opened, hasher=cheap_hasher()).add("ada@team.example", "reader", None)
    with (
        scripted_provider() as provider,
        scripted_chat(WAY="oauth", DATABASE=database, PROVIDER=provider.address) as served,
    ):
        yield served, provider


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label(PAGES["your_name"]).fill(name)
    page.get_by_label(PAGES["password"]).fill(password)
    page.get_by_role("button", name=PAGES["sign_in"]).click()


def test_one_signs_in_asks_and_signs_out(visits: Visits, team: Served) -> None:
    visits.expected.append("Unauthorized")
    page = visits.open(address=team.address)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["sign_in"])
    expect(page.get_by_label(PAGES["your_name"])).to_be_focused()
    assert_nothing_is_found(page)
    sign_in(page, "Ada", "not her password")
    expect(page.get_by_role("alert")).to_have_text(PAGES["sign_in_refused"])
    expect(page.get_by_label(PAGES["password"])).to_have_value("")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert_nothing_is_found(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
    page.set_viewport_size({"width": 1280, "height": 900})

    sign_in(page, "ada", PASSWORD)
    chat = Chat(page)
    chat.wait_until_ready()
    chat.ask("quote colon")
    expect(page.locator("[data-sidebar=menu-button]")).to_have_text(["quote colon"])
    own = page.url

    page.locator("#user-nav-button").click()
    expect(page.get_by_role("menu")).to_contain_text("Ada")
    assert_nothing_is_found(page, within="[role=menu]")
    words = STRINGS.chainlit["navigation"]["user"]["menu"]
    page.get_by_role("menuitem", name=words["logout"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["sign_in"])
    page.goto(own)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["sign_in"])

    sign_in(page, "Ada", PASSWORD)  # and one is where one wanted to go
    chat.wait_until_resumed(1)
    expect(page).to_have_url(own)
    expect(chat.answers.first).to_contain_text(QUOTES["colon"])


def test_one_signs_in_with_the_account_that_one_has_elsewhere(
    elsewhere: tuple[Served, ScriptedProvider], visits: Visits
) -> None:
    team, provider = elsewhere
    visits.expected.append("Unauthorized")
    visits.expected.append("403 (Forbidden)")
    page = visits.open(address=team.address)
    way = page.get_by_role("link", name=provider.address.removeprefix("http://"))
    expect(way).to_be_visible()
    assert_nothing_is_found(page)
    assert visits.elsewhere == []
    provider.says["email"] = "bo@team.example"
    way.click()
    expect(page.get_by_role("alert")).to_contain_text("bo@team.example")
    assert_nothing_is_found(page)
    provider.says["email"] = "ada@team.example"
    way.click()
    chat = Chat(page)
    chat.wait_until_ready()
    expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])
    page.locator("#user-nav-button").click()
    expect(page.get_by_role("menu")).to_contain_text("ada@team.example")
    assert all(one.startswith(f"{provider.address}/authorize?") for one in visits.elsewhere)
    visits.elsewhere.clear()
