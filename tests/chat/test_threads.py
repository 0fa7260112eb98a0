from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from assistant.chat.threads import thread_routes
from assistant.store.records import User, Verdict
from assistant.store.store import Store
from tests.chat.door import admission_to, behind, client_to, signed_in, store_in
from tests.store.saved import place, turn

if TYPE_CHECKING:
    from httpx2 import Response


@dataclass(frozen=True)
class Team:
    """Two who have signed in, with the store that has what they said."""

    store: Store
    ada: User
    bo: User
    as_ada: TestClient
    as_bo: TestClient
    as_nobody: TestClient


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with store_in(tmp_path) as store:
        ada, bo = (store.accounts.add(name, "reader", None) for name in ("Ada", "Bo"))
        admission = admission_to(store)
        app = behind(admission, thread_routes(store, "The assistant"))
        as_ada, as_bo = (signed_in(app, admission, user) for user in (ada, bo))
        yield Team(store, ada, bo, as_ada, as_bo, client_to(app))


def says(team: Team, user: User, name: str, asked: str = "Who helps?") -> str:
    """A conversation of one turn, later than those before it; gives its id."""
    team.store.history.save(user.id, place(name), turn(f"turn-{name}", asked))
    return name


def send(client: TestClient, method: str, path: str, body: object = None) -> "Response":
    return client.request(method, path, json=body)


def listed(
    client: TestClient, search: str | None = None, **pagination: object
) -> tuple[list[str], dict[str, Any]]:
    """The ids of a page of the list, and what is said of the page."""
    body = {"pagination": {"first": 20} | pagination, "filter": {"search": search}}
    reply = send(client, "POST", "/project/threads", body)
    assert reply.status_code == 200, reply.text
    return [line["id"] for line in reply.json()["data"]], reply.json()["pageInfo"]


def acts(team: Team) -> list[tuple[str, str, str]]:
    return [(one.who, one.did, one.what) for one in reversed(team.store.audit.entries())]


# --- the list -------------------------------------------------------------------------


def test_the_list_has_ones_own_conversations_the_last_changed_first(team: Team) -> None:
    for name in ("first", "second", "third"):
        says(team, team.ada, name)
    says(team, team.bo, "theirs")
    team.store.history.save(team.ada.id, place("first"), turn("again"))
    assert listed(team.as_ada)[0] == ["first", "third", "second"]
    assert listed(team.as_bo)[0] == ["theirs"]


def test_a_line_of_the_list_has_what_chainlits_page_wants(team: Team) -> None:
    says(team, team.ada, "one", "Who helps <us>?")
    (line,) = send(team.as_ada, "POST", "/project/threads", {}).json()["data"]
    (kept,) = team.store.history.page(team.ada.id).lines
    assert line == {
        "id": "one", "name": "Who helps <us>?", "createdAt": kept.changed.isoformat(),
        "userId": team.ada.id, "userIdentifier": team.ada.id, "tags": [], "metadata": {},
        "steps": [], "elements": [],
    }  # fmt: skip


def test_who_has_said_nothing_has_an_empty_list(team: Team) -> None:
    assert listed(team.as_ada) == (
        [], {"hasNextPage": False, "startCursor": None, "endCursor": None},
    )  # fmt: skip


def test_a_long_list_comes_in_pages_without_a_gap_or_a_double(team: Team) -> None:
    ids = [says(team, team.ada, f"talk-{number:02}") for number in range(7)]
    found: list[str] = []
    cursor = None
    for more in (True, True, False):
        page, info = listed(team.as_ada, first=3, cursor=cursor)
        assert info["hasNextPage"] is more
        assert bool(info["endCursor"]) is more
        found += page
        cursor = info["endCursor"]
    assert found == ids[::-1]


def test_a_page_of_the_list_is_no_longer_than_a_hundred_however_many_are_wanted(
    team: Team,
) -> None:
    for number in range(101):
        says(team, team.ada, f"talk-{number}")
    for first in (101, 10**30):
        assert len(listed(team.as_ada, first=first)[0]) == 100
    for first in (0, -5):
        assert len(listed(team.as_ada, first=first)[0]) == 1
    assert len(listed(team.as_ada)[0]) == 20


@pytest.mark.parametrize("cursor", ["", "x", "00", "'; DROP TABLE turns; --", "ff" * 2000, "\0"])
def test_a_cursor_that_makes_no_sense_is_the_beginning(team: Team, cursor: str) -> None:
    says(team, team.ada, "one")
    assert listed(team.as_ada, cursor=cursor)[0] == ["one"]


def test_the_cursor_of_another_shows_nothing_of_theirs(team: Team) -> None:
    for number in range(3):
        says(team, team.bo, f"theirs-{number}")
    _, info = listed(team.as_bo, first=1)
    assert listed(team.as_ada, cursor=info["endCursor"])[0] == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("teams", ["two", "one"]), ("TEAMS", ["two", "one"]), ("teams who", ["one"]),
        ("hello", []), ("  ", ["two", "one"]), (None, ["two", "one"]), ("%", []), ("_", []),
        ("a reply", ["two", "one"]), ("'; --", []), ("\0", []), ("teams " * 800, ["two", "one"]),
    ],
)  # fmt: skip
def test_the_list_can_be_searched_by_what_was_asked_and_said(
    team: Team, search: str | None, found: list[str]
) -> None:
    for name, asked in (("one", "Who leads teams?"), ("two", "Teams of coaches")):
        kept = turn(f"turn-{name}", asked, shown="This is a reply.")
        team.store.history.save(team.ada.id, place(name), kept)
    says(team, team.bo, "theirs", "Who leads their teams?")
    assert listed(team.as_ada, search)[0] == found


def test_what_is_not_said_of_the_list_is_as_usual(team: Team) -> None:
    says(team, team.ada, "one")
    bodies: tuple[dict[str, object], ...] = (
        {}, {"pagination": {}}, {"filter": {}}, {"more": 1, "filter": {"userId": "x"}},
    )  # fmt: skip
    for body in bodies:
        reply = send(team.as_ada, "POST", "/project/threads", body)
        assert [line["id"] for line in reply.json()["data"]] == ["one"]


def test_nobody_asks_for_the_list_of_another(team: Team) -> None:
    says(team, team.bo, "theirs")
    body = {"pagination": {"first": 20}, "filter": {"userId": team.bo.id}, "userId": team.bo.id}
    assert send(team.as_ada, "POST", "/project/threads", body).json()["data"] == []


# --- one conversation -----------------------------------------------------------------


def test_a_conversation_is_opened_with_all_that_was_said(team: Team) -> None:
    says(team, team.ada, "one", "Who helps?")
    team.store.history.save(team.ada.id, place("one"), turn("later", "And then?"))
    reply = send(team.as_ada, "GET", "/project/thread/one")
    thread = reply.json()
    assert reply.status_code == 200
    assert (thread["id"], thread["userIdentifier"]) == ("one", team.ada.id)
    steps = [(step["type"], step["name"], step["output"]) for step in thread["steps"]]
    assert steps == [
        ("user_message", "User", "Who helps?"),
        ("assistant_message", "The assistant", "The team."),
        ("user_message", "User", "And then?"),
        ("assistant_message", "The assistant", "The team."),
    ]


def test_a_conversation_is_renamed_and_that_is_noted_without_the_name(team: Team) -> None:
    says(team, team.ada, "one")
    reply = send(team.as_ada, "PUT", "/project/thread", {"threadId": "one", "name": " Our team "})
    assert (reply.status_code, reply.json()) == (200, {"success": True})
    (line,) = team.store.history.page(team.ada.id).lines
    assert line.name == "Our team"
    assert acts(team) == [(team.ada.id, "renamed conversation", "one")]


@pytest.mark.parametrize("name", ["", "  ", "\n\t"])
def test_a_conversation_is_not_left_without_a_name(team: Team, name: str) -> None:
    says(team, team.ada, "one", "Who helps?")
    reply = send(team.as_ada, "PUT", "/project/thread", {"threadId": "one", "name": name})
    assert reply.status_code == 400
    assert "needs a name" in reply.json()["detail"]
    assert team.store.history.page(team.ada.id).lines[0].name == "Who helps?"
    assert acts(team) == []


def test_a_conversation_is_deleted_for_good_and_that_is_noted(team: Team) -> None:
    says(team, team.ada, "one")
    says(team, team.ada, "two")
    reply = send(team.as_ada, "DELETE", "/project/thread", {"threadId": "one"})
    assert (reply.status_code, reply.json()) == (200, {"success": True})
    assert listed(team.as_ada)[0] == ["two"]
    assert acts(team) == [(team.ada.id, "deleted conversation", "one")]
    assert send(team.as_ada, "DELETE", "/project/thread", {"threadId": "one"}).status_code == 404


# --- what one thinks of a reply -------------------------------------------------------


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_what_one_thinks_of_a_reply_is_kept_and_noted_without_what_was_said(
    team: Team, verdict: Verdict
) -> None:
    says(team, team.ada, "one")
    body = {"reply": "turn-one-reply", "verdict": verdict, "comment": "It was about a ward."}
    assert send(team.as_ada, "PUT", "/feedback", body).status_code == 200
    given = team.store.feedback.of(team.ada.id, ["turn-one-reply"])["turn-one-reply"]
    assert (given.verdict, given.comment) == (verdict, "It was about a ward.")
    assert acts(team) == [(team.ada.id, "gave feedback", "turn-one-reply")]


def test_one_may_think_otherwise_later_or_take_it_back(team: Team) -> None:
    says(team, team.ada, "one")
    first = {"reply": "turn-one-reply", "verdict": "helpful"}
    send(team.as_ada, "PUT", "/feedback", first | {"comment": "So good."})
    send(team.as_ada, "PUT", "/feedback", first | {"verdict": "wrong_evidence"})
    (given,) = team.store.feedback.all()
    assert (given.verdict, given.comment) == ("wrong_evidence", "")
    reply = send(team.as_ada, "DELETE", "/feedback", {"reply": "turn-one-reply"})
    assert (reply.status_code, reply.json()) == (200, {"success": True})
    assert team.store.feedback.all() == ()
    again = send(team.as_ada, "DELETE", "/feedback", {"reply": "turn-one-reply"})
    assert again.status_code == 404


def test_a_comment_that_is_too_long_is_refused_with_what_to_do(team: Team) -> None:
    says(team, team.ada, "one")
    body = {"reply": "turn-one-reply", "verdict": "helpful", "comment": "x" * 4_000}
    reply = send(team.as_ada, "PUT", "/feedback", body)
    assert reply.status_code == 400
    assert "Shorten it." in reply.json()["detail"]
    assert team.store.feedback.all() == ()


# --- what is another's, or makes no sense ---------------------------------------------

IDS = (
    "theirs",
    "made up",
    "29ac62df-99e7-4583-b60f-54dd3d27faf0",
    "%",
    "'; DROP TABLE turns; --",
    "x" * 36,
    "é",
    "\0",
)


def everything(team: Team) -> object:
    """What Bo has said and thinks."""
    book = team.store.feedback.of(team.bo.id, ["turn-theirs-reply"])
    return team.store.history.load(team.bo.id, "theirs"), book


@pytest.mark.parametrize("id_", IDS)
def test_what_is_anothers_is_as_if_it_were_not_there(team: Team, id_: str) -> None:
    says(team, team.bo, "theirs")
    team.store.feedback.give(team.bo.id, "turn-theirs-reply", "helpful", "Good.")
    before = everything(team)
    reply_id = "turn-theirs-reply" if id_ == "theirs" else id_
    replies = [
        send(team.as_ada, "PUT", "/project/thread", {"threadId": id_, "name": "Mine now"}),
        send(team.as_ada, "DELETE", "/project/thread", {"threadId": id_}),
        send(team.as_ada, "PUT", "/feedback", {"reply": reply_id, "verdict": "not_helpful"}),
        send(team.as_ada, "DELETE", "/feedback", {"reply": reply_id}),
        send(team.as_ada, "GET", f"/project/thread/{quote(id_, safe='')}"),
    ]
    for reply in replies:
        assert (reply.status_code, reply.json()) == (404, {"detail": "It is not there."})
    assert everything(team) == before
    assert acts(team) == []


SENT: tuple[tuple[str, str], ...] = (
    ("POST", "/project/threads"), ("PUT", "/project/thread"), ("DELETE", "/project/thread"),
    ("PUT", "/feedback"), ("DELETE", "/feedback"),
)  # fmt: skip
ODD: dict[str, bytes] = {
    "nothing": b"", "no JSON": b"{", "a text": b'"x"', "a list": b"[1, 2]", "null": b"null",
    "signs": b"\xff\xfe\x00", "numbers": b'{"threadId": 1, "name": 2, "reply": 3, "filter": 4}',
    "nulls": b'{"threadId": null, "name": null, "reply": null, "pagination": null}',
    "lists": b'{"threadId": ["one"], "name": ["x"], "reply": ["x"], "pagination": []}',
    "an empty id": b'{"threadId": "", "name": "x", "reply": "", "filter": 1}',
    "a long id": b'{"threadId": "%s", "name": "x", "reply": "%s", "filter": 1}'
                 % (b"x" * 37, b"x" * 37),
    "a long text": b'{"threadId": "none", "name": "%s", "reply": "x", "filter": {"search": "%s"}}'
                   % (b"x" * 5_001, b"x" * 5_001),
    "an odd verdict": b'{"reply": "turn-one-reply", "verdict": "bad", "filter": 1}',
}  # fmt: skip


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize(("method", "path"), SENT)
def test_a_body_that_makes_no_sense_changes_nothing_and_is_no_failure(
    team: Team, method: str, path: str, body: bytes
) -> None:
    says(team, team.ada, "one", "Who helps?")
    before = team.store.history.load(team.ada.id, "one")
    kind = {"content-type": "application/json"}
    reply = team.as_ada.request(method, path, content=body, headers=kind)
    assert 400 <= reply.status_code < 500
    assert team.store.history.load(team.ada.id, "one") == before
    assert team.store.feedback.all() == ()
    assert acts(team) == []


@pytest.mark.parametrize(("method", "path"), [*SENT, ("GET", "/project/thread/one")])
def test_who_has_not_signed_in_has_none_of_it(team: Team, method: str, path: str) -> None:
    says(team, team.ada, "one")
    body = {"threadId": "one", "name": "x", "reply": "turn-one-reply", "verdict": "helpful"}
    reply = team.as_nobody.request(method, path, json=body, headers={"sec-fetch-dest": "empty"})
    assert (reply.status_code, reply.json()) == (401, {"detail": "Sign in first."})
    assert listed(team.as_ada)[0] == ["one"]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/project/threads"), ("GET", "/project/thread/one")]
)
def test_a_database_that_fails_is_said_with_what_to_do(
    team: Team, tmp_path: Path, method: str, path: str
) -> None:
    with team.store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations RENAME TO away")
    reply = team.as_ada.request(method, path, json={})
    assert reply.status_code == 500
    assert "cannot be used" in reply.text
    assert list(tmp_path.rglob("failure.log")) == []
