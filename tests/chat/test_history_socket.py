"""Conversations that are kept, as a client of the socket meets them again."""

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assistant.render import unescape_markdown
from assistant.store.store import open_store
from tests.chat.serving import Served, scripted_chat
from tests.chat.talking import (
    STRINGS,
    Client,
    Event,
    all_of,
    auth_of,
    connected,
    ended_twice,
    messages,
    names,
    question_of,
    said,
    told,
    until_told,
    visitor,
    windows,
)

PREPARE = "prepare"  # the profile
ADA, BO = ({"X-Forwarded-User": name} for name in ("Ada", "Bo"))


def file_in(folder: Path) -> Path:
    return folder / "history.db"


@contextmanager
def chat_over(folder: Path, **environment: str) -> Iterator[Served]:
    """A server that keeps what is said in that folder."""
    state, database = str(folder / "state"), f"sqlite:///{file_in(folder)}"
    with scripted_chat(XDG_STATE_HOME=state, DATABASE=database, **environment) as chat:
        yield chat


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    """The chat of one user."""
    with chat_over(folder, OWN_DOCUMENTS="1") as chat:
        yield chat


@pytest.fixture(scope="module")
def team_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("team")


@pytest.fixture(scope="module")
def team(team_folder: Path) -> Iterator[Served]:
    """The chat of Ada and Bo, whom a proxy names."""
    with closing(open_store(f"sqlite:///{file_in(team_folder)}")) as store:
        for name in ("Ada", "Bo"):
            store.accounts.add(name, "reader", None)
    with chat_over(team_folder, WAY="header", OWN_DOCUMENTS="1") as chat:
        yield chat


@asynccontextmanager
async def page_of(
    http: aiohttp.ClientSession, served: Served, thread: str = "", profile: str = STRINGS.name
) -> AsyncIterator[Client]:
    """A page of a browser, with the conversation of that id taken up if one is named."""
    auth = auth_of(thread=thread, chat_profile=profile)
    async with connected(http, served.address, auth=auth) as client:
        if thread:
            await client.until(lambda events: "resume_thread" in names(events))
        else:
            await client.until(ended_twice)
        yield client


@asynccontextmanager
async def reader_of(
    served: Served, thread: str = "", profile: str = STRINGS.name, **headers: str
) -> AsyncIterator[Client]:
    """A page of a browser of its own."""
    async with (
        visitor(served.address, **headers) as http,
        page_of(http, served, thread, profile) as client,
    ):
        yield client


def thread_in(events: list[Event]) -> str:
    """The id of the conversation, as the page is told it."""
    (thread,) = {data["thread_id"] for data in all_of(events, "first_interaction")}
    return str(thread)


def steps_of(client: Client) -> list[dict[str, Any]]:
    """What a page that took up a conversation shows."""
    (thread,) = all_of(client.events, "resume_thread")
    return list(thread["steps"])


def resumed(client: Client) -> list[dict[str, Any]]:
    """What the script of such a page is told of each reply."""
    (window,) = [one for one in windows(client.events) if one["kind"] == "resumed"]
    return list(window["replies"])


async def fetch(http: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with http.get(address) as reply:
        return reply.status, await reply.text()


ASKED = ("quote letters", "paint", "quote table", "write", "plan a", "series", "lacking it")


@pytest.fixture(scope="module")
def before_and_after(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[list[Event]], Client, list[int]]:
    """What a page was told of each question, and a page that takes the conversation up from
    another server; with the status of each file that it offers. The first server was killed as
    soon as it had answered."""
    folder = tmp_path_factory.mktemp("again")

    async def ask(chat: Served) -> list[list[Event]]:
        async with reader_of(chat, profile=PREPARE) as client:
            told_of = [await client.ask(question) for question in ASKED]
            chat.process.kill()
            return told_of

    async def take_up(chat: Served, thread: str) -> tuple[Client, list[int]]:
        async with visitor(chat.address) as http, page_of(http, chat, thread) as client:
            tokens = [reply["take"]["token"] for reply in resumed(client) if "take" in reply]
            paths = [f"{chat.address}/take/{token}.md" for token in tokens]
            return client, [(await fetch(http, path))[0] for path in paths]

    with chat_over(folder) as chat:
        told_of = asyncio.run(ask(chat))
    with chat_over(folder) as chat:
        return told_of, *asyncio.run(take_up(chat, thread_in(told_of[0])))


Again = tuple[list[list[Event]], Client, list[int]]


def test_after_a_kill_all_questions_and_replies_are_there_as_they_were(
    before_and_after: Again,
) -> None:
    told_of, client, _ = before_and_after
    steps = steps_of(client)
    assert [step["output"] for step in steps[::2]] == list(ASKED)
    assert [step["output"] for step in steps[1::2]] == [said(events) for events in told_of]
    assert [step["id"] for step in steps[1::2]] == [messages(e)[0]["id"] for e in told_of]
    assert [step["metadata"].get("icon") for step in steps[1::2]] == [
        None, "circle-slash", None, None, None, None, None,
    ]  # fmt: skip
    assert {step["name"] for step in steps[1::2]} == {STRINGS.name}


def test_after_a_kill_the_buttons_are_below_their_replies(before_and_after: Again) -> None:
    told_of, client, _ = before_and_after
    again = all_of(client.events, "action")
    for events in told_of:
        (message,) = messages(events)
        before = [
            one for one in all_of(events, "action") if one["name"] not in ("quotes", "answer")
        ]
        after = [one for one in again if one["forId"] == message["id"]]
        assert [(one["name"], one["id"]) for one in after] == [
            (one["name"], one["id"]) for one in before
        ]
    assert len(again) == 3 + 3 + 3 + 3 + 5 + 3


def test_after_a_kill_the_same_can_be_copied_and_taken_away(before_and_after: Again) -> None:
    told_of, client, statuses = before_and_after
    for events, reply in zip(told_of, resumed(client), strict=True):
        live = told(events)
        assert reply["id"] == messages(events)[0]["id"] == live["id"]
        assert reply["question"] == live["question"]
        assert reply["text"] == (live["text"] if "take" in live else said(events))
        assert ("take" in reply) == ("take" in live)
        if "take" in live:
            assert reply["take"]["token"] != live["take"]["token"]
            assert reply["take"] | {"token": ""} == live["take"] | {"token": ""}
    assert statuses == [200] * 6


def test_after_a_kill_nothing_is_put_before_the_reader_twice(before_and_after: Again) -> None:
    _, client, _ = before_and_after
    assert messages(client.events) == []
    assert [one["kind"] for one in windows(client.events)] == ["resumed"]


def test_a_follow_up_is_understood_with_the_question_before_the_restart(tmp_path: Path) -> None:
    async def ask(chat: Served) -> str:
        async with reader_of(chat) as client:
            return thread_in(await client.ask("first one"))

    async def follow_up(chat: Served, thread: str) -> None:
        async with reader_of(chat, thread) as client:
            events = await client.ask("second one")
            assert r"Understood as\: first one \| second one" in said(events)
            assert thread_in(events) == thread
        async with reader_of(chat, thread) as client:
            assert [step["output"] for step in steps_of(client)[::2]] == ["first one", "second one"]

    with chat_over(tmp_path) as chat:
        thread = asyncio.run(ask(chat))
    with chat_over(tmp_path) as chat:
        asyncio.run(follow_up(chat, thread))
        assert chat.lines == [f"{chat.address}\n"]


def test_a_kill_while_an_answer_is_under_way_loses_that_one_only(tmp_path: Path) -> None:
    async def ask(chat: Served) -> str:
        async with reader_of(chat) as client:
            thread = thread_in(await client.ask("first one"))
            await client.begin("slow 20")
            chat.process.kill()
            return thread

    async def take_up(chat: Served, thread: str) -> None:
        async with reader_of(chat, thread) as client:
            assert [step["output"] for step in steps_of(client)[::2]] == ["first one"]
            assert told(await client.ask("quote colon"))["kind"] == "answer"

    with chat_over(tmp_path) as chat:
        thread = asyncio.run(ask(chat))
    with chat_over(tmp_path) as chat:
        asyncio.run(take_up(chat, thread))


def test_what_was_prepared_is_changed_after_it_was_taken_up_as_by_who_prepares(
    served: Served,
) -> None:
    async def test() -> None:
        async with reader_of(served, profile=PREPARE) as client:
            thread = thread_in(await client.ask("brief for a ward"))
        async with reader_of(served, thread) as client:
            changed = said(await client.ask("change It is shorter now."))
            assert changed.index(r"It is shorter now\.") < changed.index("### Purpose")
            assert said(await client.ask("brief for a school")).startswith("## Exploration")

    asyncio.run(test())


def test_what_is_answered_from_is_still_chosen(served: Served) -> None:
    async def test() -> None:
        async with reader_of(served) as client:
            choice = {"from": "page", "kind": "scope", "value": "document:manual"}
            await client.socket.emit("window_message", choice)
            thread = thread_in(await client.ask("from"))
        async with reader_of(served, thread) as client:
            (window,) = windows(client.events)
            assert window["scope"] == "document:manual"
            assert ["document:manual", "Our team manual"] in window["choices"]
            assert "from manual" in unescape_markdown(said(await client.ask("from")))

    asyncio.run(test())


def test_what_one_said_of_a_reply_is_known_again(served: Served) -> None:
    async def test() -> None:
        async with visitor(served.address) as http:
            async with page_of(http, served) as client:
                events = await client.ask("quote colon")
                await client.ask("quote marks")
            judged = {"verdict": "wrong_evidence", "comment": "It is of a school."}
            body = {"reply": messages(events)[0]["id"]} | judged
            async with http.put(f"{served.address}/feedback", json=body) as reply:
                assert reply.status == 200
            async with page_of(http, served, thread_in(events)) as client:
                first, second = resumed(client)
                assert first["judged"] == judged
                assert "judged" not in second

    asyncio.run(test())


def test_a_conversation_is_in_the_list_once_it_has_an_answer(served: Served) -> None:
    async def listed(http: aiohttp.ClientSession) -> dict[str, str]:
        async with http.post(f"{served.address}/project/threads", json={}) as reply:
            return {line["id"]: line["name"] for line in (await reply.json())["data"]}

    async def test() -> None:
        async with visitor(served.address) as http:
            async with page_of(http, served) as client:
                before = await listed(http)
                await client.ask("broken")
                assert await listed(http) == before
                events = await client.ask("first  line\nand more")
            new = (await listed(http)).items() - before.items()
            assert new == {(thread_in(events), "first line")}

    asyncio.run(test())


def test_a_failure_and_a_stopped_question_are_not_kept(served: Served) -> None:
    async def test() -> None:
        async with reader_of(served) as client:
            for question in ("broken", "damaged"):
                await client.ask(question)
            await client.stop(await client.begin("slow 2"))
            thread = thread_in(await client.ask("quote colon"))
        async with reader_of(served, thread) as client:
            assert [step["output"] for step in steps_of(client)[::2]] == ["quote colon"]

    asyncio.run(test())


@pytest.mark.parametrize("text", ["half a sign \ud800", "a nought \0", "", "x" * 100_000, "é" * 90])
def test_an_odd_question_is_kept_as_well(served: Served, text: str) -> None:
    async def test() -> None:
        async with reader_of(served) as client:
            events = await client.ask(text)
            assert [one["kind"] for one in windows(events)] == ["answer"]
        async with reader_of(served, thread_in(events)) as client:
            question, reply = steps_of(client)
            assert len(question["output"]) == len(text)
            assert reply["output"]

    asyncio.run(test())


def test_what_was_taken_up_can_be_judged_stopped_and_begun_anew(served: Served) -> None:
    async def test() -> None:
        async with visitor(served.address) as http:
            async with page_of(http, served) as client:
                thread = thread_in(await client.ask("first one"))
            async with page_of(http, served, thread) as client:
                assert told(await client.stop(await client.begin("slow 3")))["kind"] == "stopped"
            async with page_of(http, served) as client:
                events = await client.ask("second one")
                assert "Understood as" not in said(events)
                assert thread_in(events) != thread

    asyncio.run(test())


# --- what is not there ----------------------------------------------------------------


async def is_gone(served: Served, thread: str, *secrets: str, **headers: str) -> None:
    """A page that wants that conversation is told that it is gone, and nothing more."""
    async with visitor(served.address, **headers) as http:
        auth = auth_of(thread=thread)
        async with connected(http, served.address, auth=auth) as client:
            await until_told(client, "gone")
            await asyncio.sleep(0.2)
            assert windows(client.events) == [
                {"from": "assistant", "kind": "gone", "lead": "", "text": ""}
            ]
            assert "resume_thread" not in names(client.events)
            for secret in secrets:
                assert secret not in repr(client.events)
        status, text = await fetch(http, f"{served.address}/project/thread/{thread}")
        assert (status, text) == (404, '{"detail":"It is not there."}')


@pytest.mark.parametrize("number", range(2))
def test_a_conversation_that_nobody_has_is_gone(served: Served, number: int) -> None:
    asyncio.run(is_gone(served, str(uuid.uuid4()) if number else str(uuid.UUID(int=0, version=4))))


def test_the_conversation_of_another_is_gone_and_stays_with_who_has_it(team: Served) -> None:
    async def test() -> None:
        async with reader_of(team, **ADA) as client:
            thread = thread_in(await client.ask("what only Ada asks"))
            # also while its page is open
            await is_gone(team, thread, "only Ada", "Opening words", **BO)
        await is_gone(team, thread, "only Ada", "Opening words", **BO)
        async with reader_of(team, thread, **ADA) as client:
            assert steps_of(client)[0]["output"] == "what only Ada asks"

    asyncio.run(test())


def test_a_conversation_that_was_deleted_is_gone(team: Served) -> None:
    async def test() -> None:
        async with visitor(team.address, **ADA) as http:
            async with page_of(http, team) as client:
                thread = thread_in(await client.ask("to be deleted"))
            path, body = f"{team.address}/project/thread", {"threadId": thread}
            async with http.delete(path, json=body) as reply:
                assert reply.status == 200
        await is_gone(team, thread, "to be deleted", **ADA)

    asyncio.run(test())


def test_the_text_that_an_answer_cites_outlives_its_document_for_who_has_the_answer(
    team: Served,
) -> None:
    def link_in(events: list[Event]) -> str:
        found = said(events).partition("](/source/manual?")[2].partition(" ")[0]
        return f"{team.address}/source/manual?{found}"

    async def test() -> None:
        async with (
            visitor(team.address, **ADA) as http,
            visitor(team.address, **BO) as other,
            page_of(http, team) as client,
        ):
            link = link_in(await client.ask("page 2"))
            assert (await fetch(http, link))[0] == (await fetch(other, link))[0] == 200
            await client.ask("remove manual")
            try:
                status, text = await fetch(http, link)
                assert (status, STRINGS.pages["gone"] in text) == (200, True)
                assert "<mark>A coach visits each class twice a term." in text
                assert (await fetch(other, link))[0] == 404
            finally:
                await client.ask("restore manual")

    asyncio.run(test())


def test_of_guests_nothing_is_kept(tmp_path: Path) -> None:
    async def test(chat: Served) -> None:
        async with reader_of(chat) as client:
            events = await client.ask("what a guest asks")
            assert [one["kind"] for one in windows(events)] == ["answer"]
            assert r"Understood as\: what a guest asks" in said(await client.ask("and then"))

    with chat_over(tmp_path, WAY="guests") as chat:
        asyncio.run(test(chat))
    with closing(sqlite3.connect(file_in(tmp_path))) as database:
        for table in ("users", "conversations", "turns", "cited", "sources", "audit", "feedback"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


# --- a database that fails ------------------------------------------------------------


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Nothing more can be kept."""
    with closing(sqlite3.connect(file_in(folder), isolation_level=None)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        try:
            yield
        finally:
            database.execute("DROP TRIGGER full")


def test_an_answer_that_cannot_be_kept_stays_on_the_page_which_says_so(
    served: Served, folder: Path
) -> None:
    async def test() -> None:
        async with reader_of(served) as client:
            with full(folder):
                events = await client.ask("quote colon")
            answer, unkept = windows(events)
            assert (answer["kind"], unkept["kind"]) == ("answer", "unkept")
            before, _, after = STRINGS.history.unkept.partition("$why")
            assert unkept["text"].startswith(before)
            assert unkept["text"].endswith(after)
            assert "history.db cannot be used" in unkept["text"]
            assert "quote colon" not in unkept["text"]
            (message,) = messages(events)
            assert not message["isError"]
            assert r"See NICE\:NG136" in message["output"]
            later = await client.ask("second one")
            assert [one["kind"] for one in windows(later)] == ["answer"]
            assert r"quote colon \| second one" in said(later)
        async with reader_of(served, thread_in(later)) as client:
            assert [step["output"] for step in steps_of(client)[::2]] == ["second one"]

    asyncio.run(test())


def test_what_has_the_id_of_anothers_message_is_not_kept(team: Served) -> None:
    async def test() -> None:
        known = str(uuid.uuid4())
        async with reader_of(team, **ADA) as client:
            thread = thread_in(await client.send(question_of("what Ada asks", id=known)))
        async with reader_of(team, **BO) as other:
            events = await other.send(question_of("what Bo asks", id=known))
            assert [one["kind"] for one in windows(events)] == ["answer", "unkept"]
        async with reader_of(team, thread, **ADA) as client:
            assert steps_of(client)[0]["output"] == "what Ada asks"

    asyncio.run(test())
