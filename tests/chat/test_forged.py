"""Forged input: it is refused, changes nothing, and nothing of it gets into a log."""

import asyncio
import contextlib
import json
import select
import socket
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
import pytest
from socketio.exceptions import ConnectionError as Refused

from assistant.chat.admission import COOKIE
from assistant.chat.signing import Throttles
from tests.chat.talking import question_of, windows
from tests.chat.two_users import (
    HERE,
    NOBODY,
    SECRET,
    Person,
    Reply,
    Team,
    ask,
    elsewhere,
    joined,
    kept_in,
    logged_by,
    page_of,
    saved,
    sign_in,
    team_in,
)
from tests.store.accounts import PASSWORD

MARK = "quokka"  # stands in all that is forged, and in nothing else
HUGE, LARGE = 50_000_000, 120_000  # bytes: both too large, and the second is soon sent
MEGABYTES = 20  # that a server may need for a body that is too large
IDS = {
    "SQL": f"'; DROP TABLE users; -- {MARK}",
    "SQL in place": f"' OR '{MARK}'='{MARK}",
    "long": MARK * 2_000,
    "unicode": f"実施科学 {MARK} \u202e\U0001f998",
    "NUL": f"{MARK}\0",
    "half a character": f"{MARK}\ud800",
    "dots": f"../../../{MARK}",
    "for LIKE": "%_%",
    "braces": "{" + MARK + "}",
    "lines": f"{MARK}\r\nSet-Cookie: {MARK}=1",
    "no id": str(uuid.uuid4()),
}  # fmt: skip
UNSENT = "half a character"  # no client of the socket can send it
ROUTES = [
    ("POST", "/project/threads"), ("PUT", "/project/thread"), ("DELETE", "/project/thread"),
    ("PUT", "/feedback"), ("DELETE", "/feedback"),
]  # fmt: skip
SENSELESS = {
    "nothing": b"",
    "no JSON": f"{{{MARK}".encode(),
    "half of it": f'{{"threadId": "{MARK}'.encode(),
    "no text": b"\xff\xfe" + MARK.encode(),
    "null": b"null",
    "a list": f'["{MARK}"]'.encode(),
    "a text": f'"{MARK}"'.encode(),
    "very deep": b"[" * 100_000,
    "numbers for texts": b'{"threadId": 1, "name": 2, "reply": 3, "verdict": 4, "filter": 5}',
    "lists for texts": b'{"threadId": [], "name": [], "reply": [], "verdict": [], "filter": []}',
    "no such verdict": f'{{"reply": "{MARK}", "verdict": "{MARK}", "filter": []}}'.encode(),
    "long texts": json.dumps(
        {"threadId": "x", "name": MARK * 1_000, "reply": "x", "verdict": "helpful",
         "comment": MARK * 1_000, "filter": {"search": MARK * 1_000}}
    ).encode(),
    "a number too large": b'{"pagination": {"first": 1e999}}',
    "a number as a text": b'{"pagination": {"first": "many"}}',
}  # fmt: skip
HOW = pytest.mark.parametrize("chunked", [False, True], ids=["of a known length", "in chunks"])


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_in(tmp_path_factory.mktemp("team")) as team:
        yield team
        assert team.served.process.poll() is None, team.served.lines
        assert "Traceback" not in logged_by(team)
        team.served.interrupt()
    said = logged_by(team)  # also what was not written at once
    assert MARK not in said
    assert PASSWORD not in said


@pytest.fixture
def unchanged(team: Team) -> Iterator[None]:
    """Nothing of the database is another afterwards, and nothing was written about the input."""
    before = kept_in(team)
    yield
    assert kept_in(team) == before
    assert MARK not in logged_by(team)
    assert MARK not in repr(team.store.audit.entries())


def no_sense(reply: Reply) -> bool:
    """Whether it was refused as what makes no sense, and nothing of it is told."""
    return reply.status in (400, 404, 413, 422) and MARK not in reply.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", IDS)
def test_an_id_that_was_made_up_is_not_there(team: Team, kind: str) -> None:
    forged = IDS[kind]
    place = quote(forged, safe="", errors="surrogatepass")
    for path in ("/project/thread/{}", "/source/{}?version=" + "a" * 12, "/file/{}", "/take/{}.md"):
        assert no_sense(ask(team, "GET", path.format(place), team.reader)), path
    for method, path in ROUTES[1:]:
        body = {"threadId": forged, "name": "x", "reply": forged, "verdict": "helpful"}
        assert no_sense(ask(team, method, path, team.reader, body)), (method, path)
    page = ask(team, "GET", f"/thread/{place}", team.reader)  # the same for every id
    assert page.status in (200, 404)
    assert MARK not in page.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", [kind for kind in IDS if kind not in ("no id", UNSENT)])
@pytest.mark.parametrize("field", ["thread", "session"])
def test_the_socket_takes_no_id_that_is_none(team: Team, kind: str, field: str) -> None:
    async def come() -> None:
        async with page_of(team, team.reader, **{field: IDS[kind]}):
            pass

    with pytest.raises(Refused):
        asyncio.run(come())


def test_feedback_on_anothers_reply_is_refused_as_on_none(team: Team) -> None:
    things = saved(team, team.admin)
    before = kept_in(team)
    for reply in (things.reply, things.message, things.conversation, str(uuid.uuid4())):
        body = {"reply": reply, "verdict": "helpful", "comment": MARK}
        for method in ("PUT", "DELETE"):
            answer = ask(team, method, "/feedback", team.reader, body)
            assert (answer.status, answer.body) == (404, '{"detail":"It is not there."}')
    assert kept_in(team) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", SENSELESS)
def test_a_body_that_makes_no_sense_is_refused(team: Team, kind: str) -> None:
    for method, path in ROUTES:
        reply = ask(
            team, method, path, team.reader, SENSELESS[kind], Content_Type="application/json"
        )
        assert no_sense(reply), (method, path, reply.status)


@pytest.mark.usefixtures("unchanged")
def test_what_is_no_json_by_its_name_is_refused(team: Team) -> None:
    for method, path in ROUTES[1:]:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            body = f"threadId={MARK}&name={MARK}&reply={MARK}".encode()
            assert no_sense(ask(team, method, path, team.reader, body, Content_Type=kind))


def test_a_name_is_kept_as_it_is_written_and_found_by_its_signs(team: Team) -> None:
    odd = {"Robert'); DROP TABLE users;--": "TABLE users;", "50%_off": "%_", r"back\slash": "\\"}
    before = kept_in(team)
    for name, search in odd.items():
        things = saved(team, team.reader)
        body = {"threadId": things.conversation, "name": name}
        assert ask(team, "PUT", "/project/thread", team.reader, body).status == 200
        wanted = {"filter": {"search": search}, "pagination": {"first": 100}}
        found = json.loads(ask(team, "POST", "/project/threads", team.reader, wanted).body)
        assert [(one["id"], one["name"]) for one in found["data"]] == [(things.conversation, name)]
        gone = {"threadId": things.conversation}
        assert ask(team, "DELETE", "/project/thread", team.reader, gone).status == 200
    assert kept_in(team) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["", " \t\n", "\u2028", "\r\n\r\n"])
def test_an_empty_name_is_refused(team: Team, name: str) -> None:
    things = saved(team, team.reader)
    body = {"threadId": things.conversation, "name": name}
    reply = ask(team, "PUT", "/project/thread", team.reader, body)
    assert reply.status == 400
    gone = {"threadId": things.conversation}
    assert ask(team, "DELETE", "/project/thread", team.reader, gone).status == 200


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("cursor", ["%", "00", "zz", MARK, MARK.encode().hex(), "6" * 4_999])
def test_a_cursor_that_is_none_shows_the_first_page(team: Team, cursor: str) -> None:
    wanted: dict[str, Any] = {"pagination": {"first": 5}}
    first = ask(team, "POST", "/project/threads", team.reader, wanted)
    wanted["pagination"]["cursor"] = cursor
    assert ask(team, "POST", "/project/threads", team.reader, wanted) == first


def part(said: object) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def payload_of(team: Team) -> dict[str, Any]:
    """What the cookie of the admin says: all of it is known to who looks at their own."""
    said = jwt.decode(team.admin.cookie, SECRET, algorithms=["HS256"])
    return {**said, "note": MARK}


def unsigned(team: Team) -> str:
    return jwt.encode(payload_of(team), "", algorithm="none")


def none_with_a_signature(team: Team) -> str:
    signature = team.reader.cookie.split(".")[2]
    return f"{part({'alg': 'None', 'typ': 'JWT'})}.{part(payload_of(team))}.{signature}"


def of_another_secret(team: Team) -> str:
    return jwt.encode(payload_of(team), "what I would have liked it to be, at this length", "HS256")


def of_another_algorithm(team: Team) -> str:
    return jwt.encode(payload_of(team), SECRET * 2, algorithm="HS512")


def another_in_place(team: Team) -> str:
    head, _, signature = team.reader.cookie.split(".")
    return f"{head}.{part(payload_of(team))}.{signature}"


def expired(team: Team) -> str:
    then = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    return jwt.encode({**payload_of(team), "exp": then}, SECRET, "HS256")


def of_an_earlier_epoch(team: Team) -> str:
    return jwt.encode({**payload_of(team), "metadata": {"epoch": -1}}, SECRET, "HS256")


def without_an_epoch(team: Team) -> str:
    return jwt.encode({**payload_of(team), "metadata": {}}, SECRET, "HS256")


def of_nobody(team: Team) -> str:
    return jwt.encode({**payload_of(team), "identifier": str(uuid.uuid4())}, SECRET, "HS256")


def garbage(_: Team) -> str:
    return f"{MARK}.{MARK}.{MARK}"


def dots(_: Team) -> str:
    return "." * 1_000


def long(_: Team) -> str:
    return MARK * 1_000


def sql(_: Team) -> str:
    return f"'OR'{MARK}'='{MARK}"


FORGED = [
    unsigned, none_with_a_signature, of_another_secret, of_another_algorithm, another_in_place,
    expired, of_an_earlier_epoch, without_an_epoch, of_nobody, garbage, dots, long, sql,
]  # fmt: skip


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("forge", FORGED)
def test_a_forged_cookie_lets_nobody_in(team: Team, forge: Callable[[Team], str]) -> None:
    who = Person(cookie=forge(team))
    assert refused_everywhere(team, who) == {401}
    named = {"Authorization": f"Bearer {who.cookie}"}
    assert refused_everywhere(team, NOBODY, **named) == {401}


@pytest.mark.usefixtures("unchanged")
def test_a_good_token_lets_nobody_in_but_as_the_cookie(team: Team) -> None:
    good = team.admin.cookie
    for headers in (
        {"Authorization": f"Bearer {good}"}, {"Cookie": f"{COOKIE}_0={good}"},
        {"Cookie": f"access_token={good}"}, {"Cookie": f"{COOKIE.upper()}={good}"},
    ):  # fmt: skip
        assert refused_everywhere(team, NOBODY, **headers) == {401}
    assert ask(team, "GET", f"/?{COOKIE}={good}").status == 303


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-User", "x-forwarded-user", "X-Remote-User", "Remote-User", "REMOTE_USER"],
)
def test_with_passwords_no_header_says_who_somebody_is(team: Team, header: str) -> None:
    spoofed = {header: "Adam Admin"}
    assert refused_everywhere(team, NOBODY, **spoofed) == {401}
    assert ask(team, "POST", "/auth/header", NOBODY, None, elsewhere(), **spoofed).status == 401
    known = json.loads(ask(team, "GET", "/user", team.reader, **spoofed).body)
    assert known["identifier"] == team.reader.id


def refused_everywhere(team: Team, who: Person, **headers: str) -> set[int]:
    """The statuses of some routes for somebody with these headers; the socket must refuse."""

    async def come() -> None:
        async with page_of(team, who, **headers):
            pass

    with pytest.raises(Refused):
        asyncio.run(come())
    asked = [
        ask(team, method, path, who, Sec_Fetch_Dest="empty", **headers)
        for method, path in [*ROUTES, ("GET", "/"), ("GET", "/user"), ("GET", "/file/manual")]
    ]
    assert not any("set-cookie" in reply.headers for reply in asked)
    return {reply.status for reply in asked}


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A server of its own: of what it was sent before it may hold what is not to be counted."""
    with team_in(tmp_path_factory.mktemp("fed")) as team:
        # The hash of who never signed in stays cheap: to check another takes 64 MB.
        team.store.accounts.add("Quiet", "reader", PASSWORD)
        yield team
        assert MARK not in logged_by(team)


@pytest.mark.slow
@HOW
def test_a_huge_body_that_nobody_needs_takes_no_memory(fed: Team, chunked: bool) -> None:
    for method, path in [*ROUTES, ("POST", "/auth/header")]:
        assert memory_for(fed, method, path, NOBODY, chunked) < MEGABYTES
    assert memory_for(fed, "POST", "/logout", fed.reader, chunked) < MEGABYTES


@pytest.mark.slow
@HOW
@pytest.mark.parametrize(
    "route", ["POST /login", "PUT /feedback", "POST /project/threads", "POST /data/delete"]
)
def test_a_huge_body_takes_no_memory(fed: Team, route: str, chunked: bool) -> None:
    method, path = route.split()
    who = NOBODY if path == "/login" else fed.reader
    assert memory_for(fed, method, path, who, chunked) < MEGABYTES


@HOW
def test_a_body_that_is_too_large_is_refused_as_that(fed: Team, chunked: bool) -> None:
    before = kept_in(fed)
    statuses = {
        path: pour(fed, method, path, NOBODY if path == "/login" else fed.reader, chunked, LARGE)
        for method, path in [*ROUTES, ("POST", "/login"), ("POST", "/data/delete")]
    }
    assert set(statuses.values()) <= {400, 413}, statuses
    assert "Traceback" not in logged_by(fed)
    assert kept_in(fed) == before


def memory_for(team: Team, method: str, path: str, who: Person, chunked: bool) -> float:
    """The megabytes that the server needed at most for a huge body, which changes nothing and
    which it survives."""
    kept, process = kept_in(team), team.served.process.pid
    Path(f"/proc/{process}/clear_refs").write_text("5", "ascii")
    before = megabytes(process, "VmRSS")
    status = pour(team, method, path, who, chunked)
    assert status in range(500)
    assert ask(team, "GET", "/healthz").status == 200
    assert kept_in(team) == kept
    return megabytes(process, "VmHWM") - before


def megabytes(process: int, field: str) -> float:
    """Memory of a process: "VmRSS" now, "VmHWM" at most since that was forgotten. Linux only."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    (line,) = (line for line in lines if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6


def pour(team: Team, method: str, path: str, who: Person, chunked: bool, size: int = HUGE) -> int:
    """Send a large body as far as it is taken; gives the status, or 0 if the connection was cut
    before it could be read."""
    place = urlsplit(team.served.address)
    begin, piece = b"name=Quiet&password=", MARK.encode() * 10_000
    lines = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
    lines.append("Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}")
    lines += [f"Cookie: {COOKIE}={who.cookie}"] if who.cookie else []
    form = path == "/login"
    lines.append(f"Content-Type: application/{'x-www-form-urlencoded' if form else 'json'}")
    with socket.create_connection((HERE, place.port or 0), 30, (elsewhere(), 0)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        left = size
        with contextlib.suppress(ConnectionError):  # it reads no further than it must
            while left and not select.select([connection], [], [], 0.5 * (left == size))[0]:
                sent = (begin + piece if left == size else piece)[:left]
                framed = b"%x\r\n%b\r\n" % (len(sent), sent)
                connection.sendall(framed if chunked else sent)
                left -= len(sent)
            connection.sendall(b"0\r\n\r\n" if chunked and not left else b"")
        try:
            return int(connection.recv(100).split()[1])
        except (ConnectionError, IndexError):
            return 0


def fail(team: Team, name: str, address: str, times: int, **headers: str) -> list[int]:
    """The statuses of so many wrong passwords, one after another."""
    return [sign_in(team, name, f"{MARK} {MARK}", address, **headers).status for _ in range(times)]


@pytest.fixture
def names(team: Team) -> list[str]:
    """Accounts whose passwords are quick to check."""
    added = [f"Member {uuid.uuid4().hex[:8]}" for _ in range(13)]
    for name in added:
        team.store.accounts.add(name, "reader", PASSWORD)
    return added


def test_who_guesses_at_a_name_has_to_wait_and_others_have_not(
    team: Team, names: list[str]
) -> None:
    here, (name, other, *_) = elsewhere(), names
    before = kept_in(team)
    assert fail(team, name, here, 60) == [401] * 5 + [429] * 55
    assert kept_in(team) == before
    for written in (name, name.upper(), f" {name} "):
        refused = sign_in(team, written, PASSWORD, here)
        assert refused.status == 429
        assert "set-cookie" not in refused.headers
    assert sign_in(team, other, PASSWORD, here).status == 303
    assert sign_in(team, name, PASSWORD, elsewhere()).status == 303
    assert sign_in(team, name, PASSWORD, here).status == 429  # still


def test_who_guesses_at_many_names_has_to_wait_with_all(team: Team, names: list[str]) -> None:
    here, (*guessed, last) = elsewhere(), names
    before = kept_in(team)
    tried = [status for name in guessed for status in fail(team, name, here, 5)]
    assert tried == [401] * 50 + [429] * 10
    assert kept_in(team) == before
    assert sign_in(team, last, PASSWORD, here).status == 429
    assert sign_in(team, last, PASSWORD, elsewhere()).status == 303


def test_who_guesses_does_not_get_further_with_addresses_of_others(
    team: Team, names: list[str]
) -> None:
    here, name = elsewhere(), names[0]
    assert fail(team, name, here, 5) == [401] * 5
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        assert fail(team, name, here, 1, **{header: "for=192.0.2.1"}) == [429]
        assert fail(team, name, here, 1, **{header: "192.0.2.1"}) == [429]


def test_right_passwords_let_nobody_at_the_address_wait() -> None:
    throttles = Throttles()
    for number in range(60):
        throttles.tried(f"member {number}", "192.0.2.1")
        throttles.ended(f"member {number}", "192.0.2.1", right=True)
    assert throttles.wait("another", "192.0.2.1") == 0


def test_of_many_guesses_at_once_no_more_are_checked_than_one_after_another(team: Team) -> None:
    here, name = elsewhere(), f"Member {uuid.uuid4().hex[:8]}"
    joined(team, name)  # from now on its password takes as long to check as a real one
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: fail(team, name, here, 1)[0], range(20)))
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 5


def at_once(send: Callable[[int], Reply], times: int = 8) -> list[int]:
    """The statuses of requests that are sent at the same time."""
    with ThreadPoolExecutor(times) as pool:
        return sorted(reply.status for reply in pool.map(send, range(times)))


def test_of_deletions_at_once_one_finds_it(team: Team) -> None:
    things = saved(team, team.reader)
    body = {"threadId": things.conversation}
    statuses = at_once(lambda _: ask(team, "DELETE", "/project/thread", team.reader, body))
    assert statuses == [200] + [404] * 7


def test_of_opinions_at_once_one_is_kept(team: Team) -> None:
    things = saved(team, team.reader)

    def judge(number: int) -> Reply:
        body = {"reply": things.reply, "verdict": "helpful", "comment": f"{number}"}
        return ask(team, "PUT", "/feedback", team.reader, body)

    assert at_once(judge) == [200] * 8
    assert sum(things.message in row for row in kept_in(team)["feedback"]) == 1


def test_of_names_at_once_one_is_kept_and_another_changes_none(team: Team) -> None:
    things = saved(team, team.reader)

    def rename(number: int) -> Reply:
        body = {"threadId": things.conversation, "name": f"name {number}"}
        return ask(team, "PUT", "/project/thread", (team.reader, team.admin)[number % 2], body)

    assert at_once(rename) == [200] * 4 + [404] * 4
    found = team.store.history.load(team.reader.id, things.conversation)
    assert found
    assert found.name in {f"name {number}" for number in (0, 2, 4, 6)}


def test_of_messages_at_once_with_one_id_the_first_users_is_kept(team: Team) -> None:
    """Whoever saves first has the id; the other is told that theirs is not kept."""
    message = str(uuid.uuid4())

    async def ask_as(who: Person) -> list[str]:
        async with page_of(team, who) as page:
            events = await page.send(question_of("many", id=message))
            return [one["kind"] for one in windows(events)]

    async def both() -> list[list[str]]:
        return list(await asyncio.gather(ask_as(team.reader), ask_as(team.admin)))

    assert sorted(asyncio.run(both())) == [["answer"], ["answer", "unkept"]]
    assert sum(message in row for row in kept_in(team)["turns"]) == 1
