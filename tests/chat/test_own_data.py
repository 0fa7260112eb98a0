"""What is kept of a reader: said, given and deleted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.chat.admission import Admission, Way
from assistant.chat.own_data import own_data_routes
from assistant.chat.shelf import Kept, Shelf
from assistant.store.records import User
from assistant.store.store import Store
from tests.chat.door import PAGES, admission_to, behind, client_to, signed_in, store_in
from tests.chat.serving import SECRET
from tests.coaching.sample import sample_plan
from tests.store.accounts import PASSWORD
from tests.store.saved import place, source, turn

WORDS = PAGES.strings.data
SURE = {"sure": "yes"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as opened:
        yield opened


@pytest.fixture
def ana(store: Store) -> User:
    """Somebody with a conversation of one turn, which cites a document and was judged."""
    user = store.accounts.add("Ana", "reader", PASSWORD)
    store.history.save(user.id, place("a"), turn("one", asked="What of hedgehogs?"), [source("x")])
    store.feedback.give(user.id, "one-reply", "wrong_evidence", "not about hedgehogs")
    return user


def visit(
    store: Store, user: User, shelf: Shelf | None = None, days: int | None = None
) -> TestClient:
    admission = admission_to(store)
    routes = own_data_routes(store, admission, shelf or Shelf(), PAGES, days)
    return signed_in(behind(admission, routes), admission, user)


def visit_as(way: Way, store: Store) -> TestClient:
    admission = Admission(way, store.accounts, SECRET)
    return client_to(behind(admission, own_data_routes(store, admission, Shelf(), PAGES, None)))


def test_the_page_says_what_is_kept_and_until_when(store: Store, ana: User) -> None:
    page = visit(store, ana).get("/data").text
    assert WORDS.where_team in page
    assert WORDS.until_deleted in page
    assert "the name Ana" in page
    assert "Until 90 days after" in visit(store, ana, days=90).get("/data").text


def test_on_ones_own_computer_there_is_no_account_to_speak_of(store: Store) -> None:
    page = visit_as("alone", store).get("/data").text
    assert WORDS.where_alone in page.replace("&#39;", "'")
    assert "the name" not in page


def test_to_guests_it_says_that_nothing_is_kept(store: Store) -> None:
    page = visit_as("guests", store).get("/data").text
    assert WORDS.nothing in page
    assert "<form" not in page


def test_a_copy_has_all_of_ones_own_and_nothing_of_anothers(store: Store, ana: User) -> None:
    bo = store.accounts.add("Bo", "admin", PASSWORD)
    store.history.save(bo.id, place("b"), turn("two", asked="What of badgers?"))
    reply = visit(store, ana).get("/data/export")
    assert "attachment" in reply.headers["content-disposition"]
    said = json.dumps(reply.json())
    assert "hedgehogs?" in said
    assert "not about hedgehogs" in said
    assert "badgers" not in said
    assert "argon2" not in said


def test_what_is_deleted_is_gone_and_what_is_anothers_stays(store: Store, ana: User) -> None:
    bo = store.accounts.add("Bo", "admin", PASSWORD)
    store.history.save(bo.id, place("b"), turn("two"))
    shelf = Shelf()
    mine = shelf.put("a", Kept(sample_plan(), ana.id))
    others = shelf.put("b", Kept(sample_plan(), bo.id))
    client = visit(store, ana, shelf)
    assert "1 conversations" in client.post("/data/delete", data=SURE).text
    assert store.history.load(ana.id, "a") is None
    assert store.feedback.all() == ()
    assert store.kept.find(ana.id, "x", source("x").sha256) is None
    assert (shelf.find(mine), shelf.find(others) is None) == (None, False)
    assert store.history.load(bo.id, "b")
    assert client.get("/data").status_code == 200  # the account stays
    entry = next(one for one in store.audit.entries() if one.did == "deleted data")
    assert (entry.who, entry.what) == ("", "")


@pytest.mark.parametrize("form", [{}, {"sure": "no"}, {"other": "sure"}])
def test_without_the_tick_nothing_is_deleted(store: Store, ana: User, form: dict[str, str]) -> None:
    assert visit(store, ana).post("/data/delete", data=form).status_code == 200
    assert store.history.load(ana.id, "a")
