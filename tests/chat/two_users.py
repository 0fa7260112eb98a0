"""A team's server with a reader and an admin, as they and nobody reach it.

Run as a program it prints what the application serves, as JSON: `routes` such as "GET /login",
`events` of the socket, and as `closed` what of Chainlit's is not let through. It is a program since
Chainlit is imported once a process.
"""

import http.client
import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import aiohttp
import socketio
from sqlalchemy import select
from starlette.middleware.sessions import SessionMiddleware
from starlette.staticfiles import StaticFiles

from assistant.chat.admission import COOKIE, Admission
from assistant.chat.guard import Doors
from assistant.store.accounts import Accounts
from assistant.store.records import Role, User
from assistant.store.store import Store, open_store
from assistant.store.tables import metadata
from tests.chat.serving import ROOT, Served, scripted_chat
from tests.chat.talking import PATH, Client, ended_twice, windows
from tests.store.accounts import PASSWORD, cheap_hasher
from tests.store.saved import place, source, turn

PATIENCE = 30.0  # seconds
HERE = "127.0.0.1"
KEY = "what opens the numbers, and nobody guesses"
SECRET = "what signs the cookies of these tests, and nobody guesses"


_ADDRESSES = count()


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the cookie of who has signed in; nobody has neither."""

    user: User | None = None
    cookie: str = ""

    @property
    def id(self) -> str:
        assert self.user
        return self.user.id


NOBODY = Person()


@dataclass(frozen=True)
class Reply:
    """What came back. `headers` have no dates."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Things:
    """What one user has: a conversation of one turn that cites a document which is in no index,
    all with the `word` in them, and the secret of something to take away."""

    word: str
    conversation: str
    message: str
    reply: str
    document: str
    version: str
    take: str


@dataclass(frozen=True)
class Team:
    """A running server, the same database from beside it, and two who have signed in."""

    served: Served
    store: Store
    state: Path
    reader: Person
    admin: Person


def made_up() -> Things:
    """Things that nobody has."""
    word = f"word{uuid.uuid4().hex}"
    document = source(f"gone/{word}", f"The text says {word}.")
    return Things(
        word=word, conversation=str(uuid.uuid4()), message=str(uuid.uuid4()),
        reply=str(uuid.uuid4()), document=document.document_id, version=document.sha256,
        take=uuid.uuid4().hex,
    )  # fmt: skip


def saved(team: Team, person: Person) -> Things:
    """New things of somebody who has judged the reply; nothing is behind the secret."""
    made = made_up()
    said = turn(made.message, f"What of {made.word}?", f"It is {made.word}.")
    said = said.model_copy(update={"reply_id": made.reply, "created": datetime.now(UTC)})
    cited = source(made.document, f"The text says {made.word}.")
    team.store.history.save(person.id, place(made.conversation), said, [cited])
    team.store.feedback.give(person.id, made.reply, "helpful", f"About {made.word}.")
    return made


NO_PROVIDER = "http://127.0.0.1:9"  # nobody listens there


@contextmanager
def team_in(folder: Path) -> Iterator[Team]:
    """A server that keeps everything in that folder."""
    database = f"sqlite:///{folder}/history.db"
    environment = {
        "DATABASE": database, "WAY": "password", "SECRET": SECRET, "OWN_DOCUMENTS": "1",
        "XDG_STATE_HOME": str(folder / "state"), "PROVIDER": NO_PROVIDER,
        "UPLOADS": "1", "METRICS_KEY": KEY, "LOG": "json",
    }  # fmt: skip
    with closing(open_store(database)) as store:
        store = replace(store, accounts=Accounts(store.database, hasher=cheap_hasher()))
        with scripted_chat(**environment) as served:
            team = Team(served, store, folder / "state", NOBODY, NOBODY)
            reader = joined(team, "Rosa Reader", "reader")
            yield replace(team, reader=reader, admin=joined(team, "Adam Admin", "admin"))


def joined(team: Team, name: str, role: Role = "reader") -> Person:
    """Somebody with a new account who has signed in."""
    user = team.store.accounts.add(name, role, PASSWORD)
    reply = sign_in(team, name, PASSWORD, elsewhere())
    assert reply.status == 303, reply
    return Person(user, reply.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}="))


def sign_in(team: Team, name: str, password: str, address: str, **headers: str) -> Reply:
    """What the form of /login sends, from an address of this computer."""
    body = urlencode({"name": name, "password": password, "next": "/"}).encode()
    return ask(team, "POST", "/login", NOBODY, body, address, **headers)


def elsewhere() -> str:
    """Another address of this computer each time: who fails at one has to wait there."""
    number = next(_ADDRESSES)
    return f"127.1.{number // 250}.{1 + number % 250}"


def ask(
    team: Team, method: str, path: str, who: Person = NOBODY, body: object = None,
    address: str = HERE, **headers: str,
) -> Reply:  # fmt: skip
    """One request; the body is bytes, or is sent as JSON."""
    here = urlsplit(team.served.address).netloc
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if who.cookie:
        sent["Cookie"] = f"{COOKIE}={who.cookie}"
    if body is not None and not isinstance(body, bytes):
        body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    connection = http.client.HTTPConnection(here, timeout=PATIENCE, source_address=(address, 0))
    with closing(connection):
        connection.request(method, path, body, sent)
        reply = connection.getresponse()
        shown = {name.lower(): value for name, value in reply.getheaders()}
        shown.pop("date", None)
        return Reply(reply.status, shown, reply.read().decode("utf-8", "replace"))


@asynccontextmanager
async def page_of(
    team: Team, who: Person, thread: str = "", session: str = "", **headers: str
) -> AsyncIterator[Client]:
    """A page of somebody's that has connected and heard what becomes of its conversation."""
    cookie = {"Cookie": f"{COOKIE}={who.cookie}"} if who.cookie else {}
    auth = {
        "sessionId": session or str(uuid.uuid4()), "threadId": thread, "clientType": "webapp",
        "userEnv": "{}", "chatProfile": "",
    }  # fmt: skip
    async with aiohttp.ClientSession() as http:
        client = Client(socketio.AsyncClient(reconnection=False, http_session=http))
        await client.socket.connect(
            team.served.address, auth=auth, transports=["websocket"], socketio_path=PATH,
            headers=cookie | headers,
        )  # fmt: skip
        try:
            await client.socket.emit("connection_successful")
            told = windows(await client.until(lambda events: bool(windows(events))))
            if told[0]["kind"] == "began":
                await client.until(ended_twice)
            yield client
        finally:
            await client.socket.disconnect()


def kept_in(team: Team) -> dict[str, list[Any]]:
    """Every row of the database but those of the audit, which notes what is refused as well."""
    tables = [table for table in metadata.sorted_tables if table.name != "audit"]
    with team.store.database.reading() as connection:
        return {one.name: sorted(map(repr, connection.execute(select(one)))) for one in tables}


def logged_by(team: Team) -> str:
    """All that the server wrote to the terminal and to its logs."""
    files = [file.read_text("utf-8") for file in team.state.rglob("*") if file.is_file()]
    return "\n".join([*team.served.lines, *files])


def printed() -> dict[str, list[str]]:
    """What this module prints as a program."""
    command = [sys.executable, "-m", "tests.chat.two_users"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return cast(dict[str, list[str]], json.loads(done.stdout.splitlines()[-1]))


def _print(folder: Path) -> None:
    from assistant.app import Assistant
    from assistant.chat.opening import Opening
    from assistant.chat.provider import Provider
    from assistant.chat.server import create_app
    from assistant.chat.strings import read_strings
    from assistant.chat.uploads import Uploads
    from tests.fakes import ScriptedAssistant, SilentProgress

    (folder / "site").mkdir()
    opening = Opening(lambda _: cast(Assistant, ScriptedAssistant()), SilentProgress(), "")
    with closing(open_store(f"sqlite:///{folder}/history.db")) as store:
        admission = Admission("password", store.accounts, SECRET)
        provider = Provider(NO_PROVIDER, "assistant", None, "email")
        app = create_app(
            opening, folder / "site", read_strings(), store, admission, provider=provider,
            uploads=Uploads(folder / "uploads", 1_000_000, 5),
        )  # fmt: skip
        from chainlit.server import sio

        everything = set(_routes_of(app))
        served = {route for route, is_open in everything if is_open}
        closed = {route for route, is_open in everything} - served
        events = sorted(sio.handlers["/"])
        told = {"routes": sorted(served), "closed": sorted(closed), "events": events}
        print(json.dumps(told))


def _routes_of(app: Any, above: str = "", doors: Doors | None = None) -> Iterator[tuple[str, bool]]:
    """The routes of an application and of what it is made of, and whether its doors let through."""
    if isinstance(app, StaticFiles):
        yield f"GET {above}/", True
    elif isinstance(app, Doors):
        yield from _routes_of(app._app, above, app)
    elif hasattr(app, "routes"):
        for route in _flat(app.routes):
            path = above + route.path
            if methods := getattr(route, "methods", None):
                yield from ((f"{one} {path}", _let_through(doors, one, path)) for one in methods)
            else:
                yield from _routes_of(route.app, path, doors)
    elif hasattr(app, "_app"):
        yield from _routes_of(app._app, above, doors)
    elif isinstance(app, SessionMiddleware):
        yield from _routes_of(app.app, above, doors)
    else:
        assert doors
        yield f"SOCKET {above}", bool(doors._socket.fullmatch(above))


def _flat(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "effective_candidates"):  # of a router that was included
            yield from _flat(route.effective_candidates())
        else:
            yield route


def _let_through(doors: Doors | None, method: str, path: str) -> bool:
    if doors is None:
        return True
    door = doors._doors.get("GET" if method == "HEAD" else method)
    return bool(door and door.fullmatch(path))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        _print(Path(made))
