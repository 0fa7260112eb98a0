"""Who gets what: every route and every event of the socket, for an owner, another and nobody."""

import asyncio
import contextlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict
from socketio.exceptions import ConnectionError as Refused

from assistant.chat.admission import COOKIE
from tests.chat.talking import PATH, Event, ended, names, question_of, said, windows
from tests.chat.two_users import (
    KEY,
    NOBODY,
    Person,
    Reply,
    Team,
    Things,
    ask,
    elsewhere,
    joined,
    kept_in,
    logged_by,
    made_up,
    page_of,
    printed,
    saved,
    team_in,
)
from tests.fakes import ScriptedAssistant
from tests.store.accounts import PASSWORD
from tests.store.saved import place, source, turn

SOON = 1.0  # seconds within which an answer would have come


@dataclass(frozen=True)
class Row:
    """A route: what is sent, with fields of `Things` in braces, and the status for who has these
    things and for another; for readers, `reader` if it is one for admins. `shows` whether the
    owner finds the word in it."""

    path: str
    own: int = 200
    others: int = 200
    body: dict[str, Any] | None = None
    shows: bool = False
    reader: int | None = None

    def status(self, who: Person, owns: bool) -> int:
        """What somebody gets."""
        if self.reader and who.user and who.user.role != "admin":
            return self.reader
        return self.own if owns else self.others

    def ask(self, team: Team, method: str, who: Person, things: Things, **headers: str) -> Reply:
        """Send it, about these things."""
        path, body = _filled(self.path, things), _filled(self.body, things)
        return ask(team, method, path, who, body, elsewhere(), **headers)


# What nobody needs an account for, with the status for nobody and the reason.
PUBLIC = {
    "GET /healthz": (200, "a supervisor asks whether the server lives"),
    "GET /readyz": (200, "a supervisor asks whether it can answer"),
    "GET /login": (200, "one signs in there"),
    "POST /login": (401, "one signs in there; with an empty form nobody does"),
    "GET /login/oauth": (502, "one goes to the provider from there, who is away"),
    "GET /login/oauth/back": (401, "one comes back there; this one has not left"),
    "GET /logo": (200, "Chainlit's page shows it before it knows anybody"),
    "GET /assets/": (404, "Chainlit's scripts, the same for all; this one is none"),
    "GET /public/": (200, "our scripts and styles, the same for all"),
    "GET /auth/config": (200, "Chainlit's page asks how one signs in"),
    "POST /auth/header": (401, "Chainlit's page asks whether a proxy has done it"),
    "GET /project/translations": (200, "the words of Chainlit's page, the same for all"),
}
CHOSEN = {"threadId": "{conversation}"}
ROWS = {
    "GET /healthz": Row("/healthz"),
    "GET /readyz": Row("/readyz"),
    "GET /login": Row("/login", 303, 303),
    "POST /login": Row("/login", 401, 401),
    "GET /login/oauth": Row("/login/oauth", 502, 502),
    "GET /login/oauth/back": Row("/login/oauth/back?code=1&state=1", 401, 401),
    "GET /logo": Row("/logo"),
    "GET /assets/": Row("/assets/none.js", 404, 404),
    "GET /public/": Row("/public/chat.js"),
    "GET /auth/config": Row("/auth/config"),
    "POST /auth/header": Row("/auth/header"),
    "GET /project/translations": Row("/project/translations?language=en-US"),
    "GET /project/settings": Row("/project/settings?language=en-US"),
    "GET /user": Row("/user"),
    "GET /": Row("/"),
    "GET /thread/{conversation}": Row("/thread/{conversation}"),
    "POST /prepare": Row("/prepare", 303, 303),
    "POST /set-session-cookie": Row("/set-session-cookie"),
    "POST /logout": Row("/logout"),
    "GET /data": Row("/data"),
    "GET /data/export": Row("/data/export", shows=True),
    "POST /data/delete": Row("/data/delete"),  # nobody said that they are sure
    "GET /metrics": Row("/metrics", reader=403),
    "GET /status": Row("/status", reader=403),
    "GET /source/{document_id:path}": Row(
        "/source/{document}?version={version}&start=0&end=8", 200, 404, shows=True
    ),
    "GET /file/{document_id:path}": Row("/file/{document}?version={version}", 404, 404),
    "GET /take/{name}": Row("/take/{take}.md", 200, 404, shows=True),
    "POST /upload/{secret}": Row("/upload/none?name=plan.md", 404, 404),
    "POST /project/threads": Row(
        "/project/threads", body={"filter": {"search": "{word}"}}, shows=True
    ),
    "GET /project/thread/{thread_id}": Row("/project/thread/{conversation}", 200, 404, shows=True),
    "PUT /project/thread": Row("/project/thread", 200, 404, CHOSEN | {"name": "Another name"}),
    "DELETE /project/thread": Row("/project/thread", 200, 404, CHOSEN),
    "PUT /feedback": Row(
        "/feedback", 200, 404, {"reply": "{reply}", "verdict": "wrong_evidence", "comment": "No."}
    ),
    "DELETE /feedback": Row("/feedback", 200, 404, {"reply": "{reply}"}),
}
SOCKET = "SOCKET /ws/socket.io"
# What is sent with the events of the socket, about the things of another.
EVENTS: dict[str, list[Any]] = {
    "clear_session": [],
    "client_message": [
        question_of("many", id="{message}"),
        question_of("many", id="{reply}"),
        question_of("many", threadId="{conversation}"),
        {"message": {"id": "{message}"}, "threadId": "{conversation}"},
    ],
    "stop": [],
    "window_message": [
        {"from": "page", "kind": "turn", "id": "{reply}", "to": "quotes"},
        {"from": "page", "kind": "scope", "value": "{document}"},
        {"from": "page", "kind": "upload", "conversation": "{conversation}"},
        {"from": "page", "kind": "show_page", "document": "{document}", "version": "{version}",
         "page": 1},
    ],
}  # fmt: skip
CONNECTING = {"connect", "disconnect", "connection_successful"}  # what every page here does
PRIVATE = [route for route in ROWS if route not in PUBLIC]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_in(tmp_path_factory.mktemp("team")) as team:
        yield team
        assert team.served.process.poll() is None, team.served.lines
        assert "Traceback" not in logged_by(team)


@pytest.fixture(scope="module")
def application() -> dict[str, list[str]]:
    return printed()


@pytest.fixture(params=["the reader's", "the admin's"])
def pair(team: Team, request: pytest.FixtureRequest) -> tuple[Person, Person]:
    """Whose the things are, and another: an admin reads no more than others."""
    pair = (team.reader, team.admin)
    return pair if request.param == "the reader's" else pair[::-1]


@pytest.fixture
def leaver(team: Team) -> Person:
    """Somebody who has signed in, and will not be let in for long."""
    return joined(team, f"Lea {uuid.uuid4().hex[:8]}")


def test_the_table_has_every_route_that_is_served(application: dict[str, list[str]]) -> None:
    served = set(application["routes"])
    heads = {route for route in served if route.startswith("HEAD ")}
    assert served - heads == {*ROWS, SOCKET}
    assert {route.replace("HEAD ", "GET ") for route in heads} <= ROWS.keys()


def test_the_table_has_every_event_that_is_taken(application: dict[str, list[str]]) -> None:
    assert set(application["events"]) == CONNECTING | EVENTS.keys()


@pytest.mark.parametrize("key", [KEY, f"{KEY} "])
def test_who_has_the_key_reads_the_numbers_without_an_account(team: Team, key: str) -> None:
    reply = ask(team, "GET", "/metrics", Authorization=f"Bearer {key}")
    assert reply.status == 200
    assert "set-cookie" not in reply.headers
    assert "assistant_answers_under_way 0.0" in reply.body
    assert not any(held in reply.body for held in (team.reader.id, "Rosa", "Adam"))


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", f"Basic {KEY}", KEY,
             f"Bearer \xe9{KEY}"],
)  # fmt: skip
def test_without_the_very_key_nobody_reads_the_numbers(team: Team, said: str) -> None:
    for who, status in ((NOBODY, 401), (team.reader, 403)):
        reply = ask(team, "GET", "/metrics", who, Authorization=said, Sec_Fetch_Dest="empty")
        assert reply.status == status


@pytest.mark.parametrize("route", [route for route in PRIVATE if route != "GET /metrics"])
def test_the_key_of_the_numbers_opens_nothing_else(team: Team, route: str) -> None:
    things = saved(team, team.reader)
    reply = ROWS[route].ask(
        team, route.split()[0], NOBODY, things, Authorization=f"Bearer {KEY}",
        Sec_Fetch_Dest="empty",
    )  # fmt: skip
    assert (reply.status, reply.body) == (401, '{"detail":"Sign in first."}')


def test_what_is_public_is_in_the_table() -> None:
    assert PUBLIC.keys() <= ROWS.keys()


@pytest.mark.parametrize("route", PUBLIC)
def test_what_is_public_tells_nobody_anything_of_a_user(team: Team, route: str) -> None:
    things, status = saved(team, team.reader), PUBLIC[route][0]
    reply = ROWS[route].ask(team, route.split()[0], NOBODY, things)
    assert reply.status == status
    assert "set-cookie" not in reply.headers
    assert not any(held in reply.body for held in (things.word, team.reader.id, "Rosa"))


@pytest.mark.parametrize("route", PRIVATE)
def test_nobody_is_sent_to_sign_in_and_a_script_is_refused(team: Team, route: str) -> None:
    things, method, row = saved(team, team.reader), route.split()[0], ROWS[route]
    before = kept_in(team)
    opened = row.ask(team, method, NOBODY, things)
    assert opened.status == 303
    assert opened.headers["location"].startswith("/login?next=%2F")
    assert opened.body == ""
    fetched = row.ask(team, method, NOBODY, things, Sec_Fetch_Dest="empty")
    assert (fetched.status, fetched.body) == (401, '{"detail":"Sign in first."}')
    assert kept_in(team) == before


@pytest.mark.parametrize("route", ROWS)
def test_who_has_something_gets_it(team: Team, pair: tuple[Person, Person], route: str) -> None:
    owner, _ = pair
    things, row = things_for(route, team, owner), ROWS[route]
    reply = row.ask(team, route.split()[0], owner, things)
    assert reply.status == row.status(owner, owns=True), reply
    assert (things.word in reply.body) == row.shows


@pytest.mark.parametrize("route", ROWS)
def test_anothers_things_are_as_if_they_were_not_there(
    team: Team, pair: tuple[Person, Person], route: str
) -> None:
    owner, other = pair
    things, nothing, row = things_for(route, team, owner), made_up(), ROWS[route]
    method, before = route.split()[0], kept_in(team)
    reply = row.ask(team, method, other, things)
    assert reply.status == row.status(other, owns=False)
    assert blurred(reply, things) == blurred(row.ask(team, method, other, nothing), nothing)
    assert kept_in(team) == before


@pytest.mark.parametrize("route", [route for route in ROWS if route.startswith("GET ")])
def test_head_says_what_get_does_without_the_body(
    team: Team, application: dict[str, list[str]], route: str
) -> None:
    taken = route.replace("GET ", "HEAD ") in application["routes"]
    things, row = saved(team, team.reader), ROWS[route]
    for who in (team.reader, team.admin, NOBODY):
        head, get = (row.ask(team, method, who, things) for method in ("HEAD", "GET"))
        assert head.body == ""
        # Chainlit's own take GET alone.
        assert head.status in ({get.status} if taken else {get.status, 404, 405})


def test_what_of_chainlit_is_not_used_is_not_there_for_who_has_signed_in(
    team: Team, application: dict[str, list[str]]
) -> None:
    assert len(application["closed"]) > 20
    for route in application["closed"]:
        method, path = re.sub(r"\{[^}]*\}", str(uuid.uuid4()), route).split()
        assert ask(team, method, path, team.admin).status in (404, 405), route


def test_the_list_has_ones_own_conversations_only_also_after_anothers_cursor(
    team: Team, leaver: Person
) -> None:
    whose = [team.admin, leaver, team.admin, leaver, team.admin]
    _, oldest, _, newer, _ = (saved(team, person).conversation for person in whose)
    assert threads(team, leaver)[0] == [newer, oldest]
    _, cursor = threads(team, team.admin, pagination={"first": 2})
    assert threads(team, leaver, pagination={"cursor": cursor})[0] == [oldest]


def test_a_kept_text_goes_with_the_last_conversation_of_ones_own_that_cites_it(team: Team) -> None:
    things, row = saved(team, team.reader), ROWS["GET /source/{document_id:path}"]
    also = made_up()
    cited = source(things.document, f"The text says {things.word}.")
    said_too = turn(also.message).model_copy(
        update={"reply_id": also.reply, "created": datetime.now(UTC)}
    )
    team.store.history.save(team.admin.id, place(also.conversation), said_too, [cited])
    assert row.ask(team, "GET", team.admin, things).status == 200
    ROWS["DELETE /project/thread"].ask(team, "DELETE", team.reader, things)
    assert row.ask(team, "GET", team.reader, things).status == 404
    assert row.ask(team, "GET", team.admin, things).status == 200


@pytest.mark.parametrize("version", ["", "{}", "_" * 12, "%25" * 12])
def test_a_kept_text_is_not_found_by_a_part_of_its_version(team: Team, version: str) -> None:
    things = saved(team, team.reader)
    path = f"/source/{things.document}?version={version.format(things.version[:11])}"
    assert ask(team, "GET", path, team.reader).status == 404


def test_the_file_of_a_document_of_the_teams_own_is_for_all_who_have_signed_in(team: Team) -> None:
    for path in ("/file/manual", "/file/ward%2Fhandbook"):
        assert ask(team, "GET", path, team.reader).status == 200
        assert ask(team, "GET", path, team.admin).status == 200
        assert ask(team, "GET", path).status == 303


def test_who_deletes_their_data_deletes_that_of_nobody_else(team: Team, leaver: Person) -> None:
    for person in (team.reader, team.admin):
        saved(team, person)
    before = kept_in(team)
    things = things_for("GET /take/{name}", team, leaver)
    assert ask(team, "POST", "/data/delete", body=b"sure=yes").status == 303
    assert ask(team, "POST", "/data/delete", leaver, b"sure=yes").status == 200
    assert kept_in(team) == before
    assert all(entry.who != leaver.id for entry in team.store.audit.entries())
    for route in ("GET /source/{document_id:path}", "GET /take/{name}"):
        assert ROWS[route].ask(team, "GET", leaver, things).status == 404


def test_nobody_comes_in_by_the_socket(team: Team) -> None:
    for who in (NOBODY, Person(cookie="a.b.c"), Person(cookie=team.reader.cookie[:-2])):
        assert not comes_in(team, who)


def test_only_the_owner_takes_a_conversation_up(team: Team, pair: tuple[Person, Person]) -> None:
    owner, other = pair
    things = saved(team, owner)

    async def told_to(who: Person, thread: str) -> str:
        async with page_of(team, who, thread) as page:
            await asyncio.sleep(0.2)
            return repr(page.events)

    assert things.word in asyncio.run(told_to(owner, things.conversation))
    theirs = asyncio.run(told_to(other, things.conversation))
    assert "'kind': 'gone'" in theirs
    assert theirs == asyncio.run(told_to(other, str(uuid.uuid4())))


def test_who_wanted_anothers_conversation_goes_on_in_a_new_one(team: Team) -> None:
    things = saved(team, team.reader)
    before = conversation(team, team.reader, things)

    async def go_on() -> str:
        async with page_of(team, team.admin, things.conversation) as page:
            await page.ask("many")
            return repr(page.events)

    assert things.word not in asyncio.run(go_on())
    assert conversation(team, team.reader, things) == before


def test_anothers_session_is_not_taken_over(team: Team) -> None:
    async def test() -> None:
        session = str(uuid.uuid4())
        async with page_of(team, team.reader, session=session) as page:
            await page.ask("a first question")
            with pytest.raises(Refused):
                async with page_of(team, team.admin, session=session):
                    pass
            assert "Opening words" in said(await page.ask("and another"))

    asyncio.run(test())


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_reaches_anothers_conversation(team: Team, event: str) -> None:
    things = saved(team, team.reader)

    async def test() -> None:
        async with (
            page_of(team, team.reader, things.conversation) as mine,
            page_of(team, team.admin) as theirs,
        ):
            before = conversation(team, team.reader, things)
            since, began = await mine.begin("slow 1"), len(theirs.events)
            for payload in EVENTS[event] or [None]:
                await theirs.socket.emit(event, _filled(payload, things))
            await asyncio.sleep(0.5)
            assert conversation(team, team.reader, things) == before
            heard = await mine.until(answered, since)
            assert "Opening words" in said(heard)
            assert things.word not in repr(theirs.events[began:])

    asyncio.run(test())
    assert len(conversation(team, team.reader, things).turns) == 2


def test_a_message_with_the_id_of_anothers_is_answered_and_not_kept(team: Team) -> None:
    things = saved(team, team.reader)
    before = kept_in(team)

    async def test() -> list[str]:
        async with page_of(team, team.admin) as page:
            events = await page.send(question_of("many", id=things.message))
            return [one["kind"] for one in windows(events)]

    assert asyncio.run(test()) == ["answer", "unkept"]
    assert kept_in(team) == before


def disable(team: Team, name: str) -> None:
    team.store.accounts.disable(name)


def disable_and_enable(team: Team, name: str) -> None:
    team.store.accounts.disable(name)
    team.store.accounts.enable(name)


def change_password(team: Team, name: str) -> None:
    team.store.accounts.set_password(name, f"{PASSWORD}, and new")


def forget(team: Team, name: str) -> None:
    team.store.accounts.forget(team.store.accounts.named(name).id)


def sign_out_everywhere(team: Team, name: str) -> None:
    team.store.accounts.sign_out_everywhere(team.store.accounts.named(name).id)


VOIDING = [disable, disable_and_enable, change_password, forget, sign_out_everywhere]
Voiding = Callable[[Team, str], None]


@pytest.mark.parametrize("void", VOIDING)
def test_a_cookie_that_is_void_opens_no_route_and_no_socket(
    team: Team, leaver: Person, void: Voiding
) -> None:
    things = saved(team, leaver)
    assert ROWS["GET /user"].ask(team, "GET", leaver, things).status == 200
    assert comes_in(team, leaver)
    void(team, name_of(leaver))
    before = kept_in(team)
    for route in PRIVATE:
        reply = ROWS[route].ask(team, route.split()[0], leaver, things, Sec_Fetch_Dest="empty")
        assert (reply.status, reply.body) == (401, '{"detail":"Sign in first."}'), route
    assert not comes_in(team, leaver)
    assert kept_in(team) == before


@pytest.mark.parametrize("void", VOIDING)
def test_a_socket_that_is_open_answers_no_more_when_the_cookie_is_void(
    team: Team, leaver: Person, void: Voiding
) -> None:
    async def test() -> list[Event]:
        async with page_of(team, leaver) as page:
            void(team, name_of(leaver))
            since = len(page.events)
            await page.socket.emit("client_message", question_of("many"))
            try:
                async with asyncio.timeout(SOON):
                    await page.until(ended, since)
            except TimeoutError:
                pass
            return page.events[since:]

    assert "Opening words" not in repr(asyncio.run(test()))
    assert team.store.history.page(leaver.id).lines == ()


@pytest.mark.parametrize("void", VOIDING)
def test_a_socket_that_is_open_shows_no_page_any_more_when_the_cookie_is_void(
    team: Team, leaver: Person, void: Voiding
) -> None:
    manual = ScriptedAssistant(own=True).own["manual"]
    wanted = {"from": "page", "kind": "show_page", "document": "manual", "page": 1}

    async def test(when_void: bool) -> list[str]:
        async with page_of(team, leaver) as page:
            if when_void:
                void(team, name_of(leaver))
            await page.socket.emit("window_message", wanted | {"version": manual.sha256})
            await asyncio.sleep(SOON if when_void else 0.5)
            return names(page.events)

    assert "set_sidebar_elements" in asyncio.run(test(False))
    assert "set_sidebar_elements" not in asyncio.run(test(True))


def test_a_void_cookie_beside_a_good_one_gives_nothing_of_its_user(
    team: Team, leaver: Person
) -> None:
    disable(team, name_of(leaver))
    cookies = f"{COOKIE}={team.reader.cookie}; [no cookie]; {COOKIE}={leaver.cookie}"
    reply = ask(team, "GET", "/user", Cookie=cookies)
    assert leaver.id not in reply.body


def test_by_the_socket_a_void_cookie_beside_a_good_one_is_not_taken(
    team: Team, leaver: Person
) -> None:
    things = saved(team, leaver)
    own = [("Cookie", f"and; {COOKIE}={leaver.cookie}")]
    good = [("Cookie", f"{COOKIE}={team.reader.cookie}")]
    assert things.word in asyncio.run(heard_by(team, own, things.conversation))
    disable(team, name_of(leaver))
    for headers in (own, [*good, *own], [*own, *good]):
        assert things.word not in asyncio.run(heard_by(team, headers, things.conversation))


async def heard_by(team: Team, headers: list[tuple[str, str]], thread: str) -> str:
    """What a page with just these headers is told of a conversation; nothing if it is refused."""
    address = team.served.address.replace("http", "ws")
    heard: list[str] = []
    page = f"{address}{PATH}/?EIO=4&transport=websocket"
    begin = {"sessionId": str(uuid.uuid4()), "threadId": thread, "chatProfile": ""}
    with contextlib.suppress(TimeoutError, aiohttp.WSServerHandshakeError):
        async with (
            asyncio.timeout(SOON),
            aiohttp.ClientSession() as http,
            http.ws_connect(page, headers=CIMultiDict(headers)) as socket,
        ):
            await socket.send_str(f"40{json.dumps(begin)}")
            await socket.send_str('42["connection_successful"]')
            async for message in socket:
                heard.append(str(message.data))
    return "\n".join(heard)


def comes_in(team: Team, who: Person) -> bool:
    """Whether the socket takes somebody, who then has a page that works."""

    async def come() -> bool:
        try:
            async with page_of(team, who):
                return True
        except Refused:
            return False

    return asyncio.run(come())


def things_for(route: str, team: Team, owner: Person) -> Things:
    """New things of an owner, with something to take away if the route gives it."""
    things = saved(team, owner)
    if "/take" not in route:
        return things

    async def take() -> str:
        async with page_of(team, owner) as page:
            events = await page.ask(f"What of {things.word}?")
            return str(windows(events)[0]["take"]["token"])

    return replace(things, take=asyncio.run(take()))


def conversation(team: Team, owner: Person, things: Things) -> Any:
    found = team.store.history.load(owner.id, things.conversation)
    assert found
    return found


def threads(team: Team, who: Person, **wanted: object) -> tuple[list[str], str]:
    """The ids of somebody's conversations as they are listed, and the cursor for more."""
    listed = json.loads(ask(team, "POST", "/project/threads", who, wanted).body)
    return [one["id"] for one in listed["data"]], listed["pageInfo"]["endCursor"]


def answered(events: list[Event]) -> bool:
    return "answer" in [one["kind"] for one in windows(events)] and ended(events)


def name_of(person: Person) -> str:
    assert person.user
    return person.user.name


def blurred(reply: Reply, things: Things) -> Reply:
    """A reply as it would be about other things: what was sent with the request may stand in it.
    The cookie has the time in it."""

    def blur(text: str) -> str:
        for name, value in vars(things).items():
            for form in (value, value.replace("/", "%2F")):
                text = text.replace(form, name)
        return text

    changing = ("set-cookie", "content-length")
    headers = {name: blur(value) for name, value in reply.headers.items() if name not in changing}
    # Of a copy of one's data: it is itself an act; and what the process and the clock do meanwhile.
    acts = re.compile(r'"audit":\[.*?\]|^process_\S+ .*$|\(\d+ minutes\)', re.MULTILINE)
    return Reply(reply.status, headers, acts.sub("", blur(reply.body)))


def _filled(what: Any, things: Things) -> Any:
    """With fields of things in place of their names in braces, in all texts of what is sent."""
    if isinstance(what, dict):
        return {name: _filled(value, things) for name, value in what.items()}
    return what.format(**vars(things)) if isinstance(what, str) else what
