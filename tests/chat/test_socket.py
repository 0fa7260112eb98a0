"""The chat as a client of its socket sees it, and what a client can do to it."""

import asyncio
import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from socketio.exceptions import ConnectionError as Refused

from assistant.chat.admission import COOKIE
from assistant.render import unescape_markdown
from assistant.resources import shipped_corpus
from tests.chat.serving import ROOT, SECRET, Served, chat_command, scripted_chat
from tests.chat.talking import (
    PATH,
    PATIENCE,
    STRINGS,
    Client,
    Event,
    all_of,
    auth_of,
    client_of,
    connected,
    ended,
    messages,
    names,
    question_of,
    said,
    told,
    until_told,
    visitor,
    windows,
    with_client,
)
from tests.fakes import QUOTES, ScriptedAssistant


def without(field: str) -> dict[str, object]:
    payload = question_of("something is missing")
    message = payload["message"]
    assert isinstance(message, dict)
    del message[field]
    return payload


@pytest.fixture(scope="module")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def served(state_home: Path) -> Iterator[Served]:
    with scripted_chat(XDG_STATE_HOME=str(state_home)) as chat:
        yield chat


@pytest.fixture(scope="module")
def own(state_home: Path) -> Iterator[Served]:
    """With documents of its own."""
    with scripted_chat(XDG_STATE_HOME=str(state_home), OWN_DOCUMENTS="1") as chat:
        yield chat


def test_a_new_conversation_begins_with_a_word_to_the_page_and_nothing_for_the_reader(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        assert told(client.events)["from"] == "assistant"
        assert told(client.events)["kind"] == "began"
        assert messages(client.events) == []

    with_client(served, test)


def test_an_answer_comes_in_pieces_then_whole_then_for_the_script_of_the_page(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("quote colon")
        order = [n for n in names(events) if n not in ("first_interaction", "update_message")]
        assert order[:3] == ["task_start", "new_message", "stream_start"]
        tokens = len(all_of(events, "stream_token"))
        assert tokens >= 3
        assert order[3:] == [
            *["stream_token"] * tokens, "new_message", *["action"] * 3,
            *["window_message"] * 2, "task_end",
        ]  # fmt: skip

    with_client(served, test)


def test_the_pieces_together_are_the_whole_message(served: Served) -> None:
    async def test(client: Client) -> None:
        for question in ("many", "senses", "paint"):
            events = await client.ask(question)
            (start,) = all_of(events, "stream_start")
            pieces = [start, *all_of(events, "stream_token")]
            streamed = start["output"] + "".join(piece["token"] for piece in pieces[1:])
            assert streamed == said(events)
            assert {piece["id"] for piece in pieces} == {messages(events)[0]["id"]}

    with_client(served, test)


def test_the_whole_message_is_markdown_with_numbers_that_open_the_source(served: Served) -> None:
    async def test(client: Client) -> None:
        text = said(await client.ask("quote lines"))
        assert text.startswith(r"1\. first" + "\n" + r"2\) second")
        assert text.count(r"[\[1\]](/source/a%2Fguide%20%281%29?start=") == 2
        assert f"\n## {STRINGS.answer.sources}\n" in text
        assert "[What comes next\\?](/?prompt=What+comes+next%3F)" in text

    with_client(served, test)


def test_the_page_gets_the_first_sentence_and_the_plain_text_with_sources(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("quote marks")
        window = told(events)
        assert window["kind"] == "answer"
        assert window["id"] == messages(events)[0]["id"]
        assert window["lead"] == QUOTES["marks"]
        assert window["text"].startswith(f"{QUOTES['marks']} [1]\n\nSources\n\n[1] A guide: *with*")
        assert f"“{QUOTES['marks']}”" in window["text"]
        assert "https://original.example/guide" in window["text"]

    with_client(served, test)


def test_the_button_to_copy_belongs_to_its_message(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("quote marks")
        action, _, _ = all_of(events, "action")
        assert action["forId"] == messages(events)[0]["id"]
        assert action["id"] == f"copy-{action['forId']}"
        assert action["label"] == STRINGS.answer.copy_label

    with_client(served, test)


def test_a_declined_question_is_set_apart_and_links_to_the_nearest(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("paint")
        lines = said(events).rstrip("\n").split("\n")
        assert lines[0] == f"> **{STRINGS.answer.declined}**"
        assert all(line.startswith(">") for line in lines)
        assert "](/source/a%2Fguide%20%281%29?start=0&end=14&version=" in said(events)
        assert messages(events)[0]["metadata"] == {"icon": "circle-slash"}
        assert told(events)["lead"] == STRINGS.answer.declined

    with_client(served, test)


def test_a_second_question_is_read_after_the_first(served: Served) -> None:
    async def test(client: Client) -> None:
        assert "Understood as" not in said(await client.ask("first one"))
        assert r"Understood as\: first one \| second one" in said(await client.ask("second one"))

    with_client(served, test)


def test_two_clients_share_neither_history_nor_answers(served: Served) -> None:
    async def test() -> None:
        async with client_of(served.address) as one, client_of(served.address) as other:
            await one.ask("said by one")
            before = len(other.events)
            mine, theirs = await asyncio.gather(one.ask("quote marks"), other.ask("quote html"))
            assert told(mine)["lead"] == QUOTES["marks"]
            assert told(theirs)["lead"] == QUOTES["html"]
            await other.ask("said by other")
            assert "said by one" not in json.dumps(other.events)
            assert "said by other" not in json.dumps(one.events)
            assert len(windows(other.events[before:])) == 2

    asyncio.run(test())


def test_the_same_session_is_remembered_after_a_break_and_a_new_one_is_not(served: Served) -> None:
    async def test() -> None:
        session = str(uuid.uuid4())
        async with client_of(served.address, chat_profile="") as client:
            await client.ask("of another session")
        async with client_of(served.address, auth=auth_of(session)) as client:
            await client.ask("before the break")
        async with client_of(served.address, session) as client:
            assert [w["kind"] for w in windows(client.events)] == ["answer", "returned"]
            again = said(await client.ask("after it"))
        assert r"Understood as\: before the break \| after it" in again
        async with client_of(served.address) as client:
            assert "Understood as" not in said(await client.ask("after it"))

    asyncio.run(test())


def test_a_stopped_question_is_not_answered_and_the_next_one_is_at_once(served: Served) -> None:
    async def test(client: Client) -> None:
        before = await client.begin("slow 5")
        events = await client.stop(before)
        (shown,) = messages(events)
        (changed,) = [s for s in all_of(events, "update_message") if s["id"] == shown["id"]]
        assert changed["output"] == STRINGS.answer.stopped
        assert told(events)["kind"] == "stopped"
        assert told(events)["id"] == shown["id"]
        after = await client.ask("quote colon")
        assert told(after)["lead"] == QUOTES["colon"]
        async with client_of(served.address) as other:
            await other.ask("slow 6")  # longer than what is left of the stopped one
        late = client.events[before:]
        assert [w["kind"] for w in windows(late)] == ["stopped", "answer"]
        assert len(messages(late)) == 2

    with_client(served, test)


def test_a_stopped_question_counts_as_not_asked(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.stop(await client.begin("slow 2 stopped one"))
        assert "Understood as" not in said(await client.ask("next one"))

    with_client(served, test)


def test_a_stop_with_nothing_under_way_does_no_harm(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.socket.emit("stop")
        await client.until(lambda events: len(all_of(events, "window_message")) == 2)
        assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    with_client(served, test)


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": {"Origin": "null"}},
        {"headers": {"Host": "evil.example"}},
        {"transports": ["polling"]},
        {"socketio_path": "/socket.io"},
    ],
    ids=["another origin", "no origin of its own", "another host", "polling", "another path"],
)
def test_a_socket_that_is_not_of_our_page_is_refused(
    served: Served, options: dict[str, Any]
) -> None:
    async def test() -> None:
        with pytest.raises(Refused):
            async with client_of(served.address, **options):
                pass

    asyncio.run(test())


def test_a_socket_of_our_own_page_is_let_in(served: Served) -> None:
    async def test() -> None:
        async with client_of(served.address, headers={"Origin": served.address}) as client:
            assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    asyncio.run(test())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_is_no_polling(served: Served, method: str) -> None:
    async def test() -> None:
        address = f"{served.address}{PATH}/?EIO=4&transport=polling"
        async with aiohttp.ClientSession() as http, http.request(method, address) as response:
            assert response.status == 404

    asyncio.run(test())


def assert_calm(events: list[Event]) -> None:
    """Nothing of the inside is before the reader: a failure is said in words of ours."""
    for message in messages(events):
        assert message["name"] == STRINGS.name, message["output"]
        if message["isError"]:
            assert message["output"].startswith(f"> **{STRINGS.failure.title}**")


ODD = {
    "a number": question_of(5),
    "nothing": question_of(None),
    "a list": question_of(["a", {"b": 1}]),
    "a mapping": question_of({"a": 1}),
    "true": question_of(True),
    "an empty text": question_of(""),
    "blanks": question_of(" \n\t "),
    "signs that are none": question_of("\0 \x1b[31m \u202e \u200b"),
    "half a sign": question_of("\ud800 and more"),
    "no text": without("output"),
    "no id": without("id"),
    "no time": without("createdAt"),
    "no type": without("type"),
    "an id that is none": question_of("x", id="not-an-id"),
    "an id of another version": question_of("x", id=str(uuid.uuid1())),
    "an id that is a number": question_of("x", id=7),
    "a thread with quotes": question_of("x", threadId="'; DROP TABLE threads; --"),
    "a planted answer": question_of("planted", type="assistant_message", name="Assistant"),
    "a type that is none": question_of("x", type=["no"]),
    "metadata that is a text": question_of("x", metadata="text"),
    "metadata that is a list": question_of("x", metadata=[1]),
    "modes": question_of("x", modes=["a"], command={"a": 1}, language=3),
    "files": question_of("x") | {"fileReferences": [{"id": "../../etc/passwd"}]},
    "files that are none": question_of("x") | {"fileReferences": "abc"},
    "a message that is none": {"message": "x", "fileReferences": []},
    "no message": {"fileReferences": []},
    "a text": "x",
    "a list alone": [1, 2],
    "a number alone": 3,
}


@pytest.mark.parametrize("payload", ODD.values(), ids=ODD.keys())
def test_an_odd_message_shows_nothing_of_the_inside_and_the_next_question_is_answered(
    served: Served, payload: object
) -> None:
    async def test(client: Client) -> None:
        events = await client.send(payload)
        assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]
        assert_calm(events)

    with_client(served, test)


def page_wanted(**changes: object) -> dict[str, object]:
    """A page of the manual as our script asks for it, or not quite."""
    sha256 = ScriptedAssistant(own=True).own["manual"].sha256
    wanted = {"document": "manual", "version": sha256[:16], "page": 2} | changes
    return {"from": "page", "kind": "show_page"} | wanted


ODD_EVENTS: list[tuple[str, list[object]]] = [
    ("client_message", []),
    ("client_message", [1, 2, 3]),
    ("edit_message", [question_of("x")]),
    ("edit_message", [{}]),
    ("window_message", []),
    ("window_message", ["scope"]),
    ("window_message", [[1, 2]]),
    ("window_message", [{"from": "assistant", "kind": "answer"}]),
    ("window_message", [{"from": "assistant", "kind": "scope", "value": "own"}]),
    ("window_message", [{"from": "page"}]),
    ("window_message", [{"from": "page", "kind": "no such kind"}]),
    ("window_message", [{"from": "page", "kind": ["scope"], "value": "own"}]),
    ("window_message", [{"from": "page", "kind": "scope"}]),
    ("window_message", [{"from": "page", "kind": "scope", "value": ""}]),
    ("window_message", [{"from": "page", "kind": "scope", "value": 5}]),
    ("window_message", [{"from": "page", "kind": "scope", "value": ["own"]}]),
    ("window_message", [{"from": "page", "kind": "scope", "value": "x" * 1001}]),
    ("window_message", [{"from": "page", "kind": "scope", "value": "own", "more": 1}]),
    ("window_message", [{"from": "page", "kind": "show_page"}]),
    ("window_message", [page_wanted(document="")]),
    ("window_message", [page_wanted(document={"a": 1})]),
    ("window_message", [page_wanted(document="../../etc/passwd")]),
    ("window_message", [page_wanted(document="\0\ud800")]),
    ("window_message", [page_wanted(document="no such document")]),
    ("window_message", [page_wanted(document="ward/handbook")]),
    ("window_message", [page_wanted(document="a/guide (1)")]),
    ("window_message", [page_wanted(version="")]),
    ("window_message", [page_wanted(version="%")]),
    ("window_message", [page_wanted(version="0" * 16)]),
    ("window_message", [page_wanted(page=0)]),
    ("window_message", [page_wanted(page="1")]),
    ("window_message", [page_wanted(page=1.5)]),
    ("window_message", [page_wanted(page=True)]),
    ("window_message", [page_wanted(page=10**30)]),
    ("window_message", [page_wanted(url="https://evil.example")]),
    ("set_sidebar_elements", [{"elements": [{"type": "pdf", "url": "https://evil.example"}]}]),
    ("audio_start", []),
    ("audio_chunk", [{"data": "x"}]),
    ("audio_end", []),
    ("chat_settings_change", [{"a": 1}]),
    ("chat_settings_change", ["x"]),
    ("message_favorite", [{}]),
    ("fetch_favorites", []),
    ("connection_successful", []),
    ("no_such_event", [{"a": 1}]),
]


@pytest.mark.parametrize(("name", "data"), ODD_EVENTS)
def test_an_event_that_our_page_does_not_send_does_no_harm(
    own: Served, name: str, data: list[object]
) -> None:
    async def test(client: Client) -> None:
        before = len(client.events)
        await client.socket.emit(name, tuple(data))
        await client.socket.emit("client_message", question_of("quote colon"))
        events = await client.until(
            lambda events: QUOTES["colon"] in [w["lead"] for w in windows(events)], before
        )
        assert_calm(events)
        assert [one for one in names(events) if "sidebar" in one] == []
        assert all(STRINGS.scope.answered_from not in one["text"] for one in windows(events))

    with_client(own, test)


@pytest.mark.parametrize(
    "auth",
    [
        {}, {"clientType": "webapp"}, "x", ["x"], None,
        {"sessionId": str(uuid.uuid4())},
        auth_of() | {"sessionId": {"a": 1}}, auth_of("x"), auth_of(str(uuid.uuid1())),
        auth_of(thread="x"), auth_of(thread=str(uuid.uuid1())), auth_of(thread="../../user"),
        auth_of() | {"threadId": ["a"]}, auth_of() | {"chatProfile": 1},
        auth_of(chat_profile="x" * 101),
    ],
)  # fmt: skip
def test_a_connection_that_does_not_say_who_it_is_is_refused_and_others_are_served(
    served: Served, auth: object
) -> None:
    async def test() -> None:
        with pytest.raises(Refused):
            async with client_of(served.address, auth=auth):
                pass
        async with client_of(served.address) as client:
            assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    asyncio.run(test())


def test_a_page_that_says_more_of_itself_than_is_asked_is_served(served: Served) -> None:
    async def test() -> None:
        more = {"clientType": "copilot", "userEnv": "{not json", "more": 1, "threadId": None}
        async with client_of(served.address, auth=auth_of() | more) as client:
            assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    asyncio.run(test())


async def opens(served: Served, cookie: str) -> bool:
    """Whether the socket opens for that cookie."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    async with aiohttp.ClientSession(headers=headers) as http:
        try:
            async with connected(http, served.address) as client:
                await until_told(client, "began")
                return True
        except Refused:
            return False


def test_of_several_users_the_socket_knows_who_has_the_cookie_of_our_page() -> None:
    async def test(guests: Served) -> None:
        async with visitor(guests.address) as http:
            (cookie,) = http.cookie_jar
        known = jwt.decode(cookie.value, SECRET, ["HS256"])
        for other in ("", "x", jwt.encode(known, SECRET[::-1]), jwt.encode(known, "", "none")):
            assert not await opens(guests, other)
        assert await opens(guests, jwt.encode(known, SECRET))
        assert await opens(guests, cookie.value)

    with scripted_chat(WAY="guests") as guests:
        asyncio.run(test(guests))


@pytest.mark.parametrize("text", ["word " * 180_000, "x" * 900_000], ids=["words", "one word"])
def test_a_question_of_the_length_of_a_book_is_followed_by_the_next(
    served: Served, text: str
) -> None:
    async def test(client: Client) -> None:
        assert_calm(await client.ask(text))
        assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    with_client(served, test)


def test_a_question_too_long_for_the_socket_ends_that_connection_only(served: Served) -> None:
    async def test() -> None:
        async with client_of(served.address) as other:
            async with client_of(served.address) as client:
                await client.socket.emit("client_message", question_of("x" * 1_100_000))
                async with asyncio.timeout(PATIENCE):
                    await client.socket.wait()
                assert all_of(client.events, "stream_start") == []
            assert told(await other.ask("quote colon"))["lead"] == QUOTES["colon"]
        async with client_of(served.address) as client:
            assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    asyncio.run(test())


def test_an_unexpected_failure_is_said_in_a_sentence_and_logged(
    served: Served, state_home: Path
) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("broken")
        assert said(events).startswith(f"> **{STRINGS.failure.title}**")
        assert messages(events)[0]["isError"] is True
        assert "a secret of the inside" not in json.dumps(client.events)
        assert "RuntimeError" not in json.dumps(client.events)
        log = state_home / "implementation-assistant" / "log" / "failure.log"
        assert str(log) in told(events)["lead"]
        assert "RuntimeError: a secret of the inside" in log.read_text("utf-8")
        assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    with_client(served, test)


def test_a_failure_that_is_known_is_said_with_what_to_do(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("damaged")
        assert said(events).split("\n>\n") == [
            f"> **{STRINGS.failure.title}**",
            r"> The index contradicts itself\.",
            r"> Run\: assistant build",
            "\n",
        ]
        assert told(events)["lead"] == "The index contradicts itself."
        assert told(await client.ask("quote colon"))["lead"] == QUOTES["colon"]

    with_client(served, test)


def test_what_failed_counts_as_not_asked(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.ask("broken")
        await client.ask("damaged")
        assert "Understood as" not in said(await client.ask("next one"))

    with_client(served, test)


def test_ordinary_talk_writes_nothing_to_the_terminal() -> None:
    async def test(address: str) -> None:
        async with client_of(address) as client:
            for question in ("quote colon", "senses", "paint", "damaged"):
                await client.ask(question)
            await client.stop(await client.begin("slow 1"))

    with scripted_chat() as chat:
        asyncio.run(test(chat.address))
        lines = list(chat.lines)
    assert lines == [f"{chat.address}\n"]


# --- documents of one's own -----------------------------------------------------------


def own_choices(*left_out: str) -> list[list[str]]:
    words = STRINGS.scope
    every = [
        ["everything", words.everything], ["own", words.own], ["library", words.library],
        ["document:manual", "Our team manual"], ["document:ward/handbook", "Ward handbook"],
    ]  # fmt: skip
    return [one for one in every if one[0] not in left_out]


async def choose(client: Client, value: str) -> None:
    await client.socket.emit("window_message", {"from": "page", "kind": "scope", "value": value})


def test_without_documents_of_ones_own_nothing_is_to_choose(served: Served) -> None:
    async def test(client: Client) -> None:
        assert told(client.events)["choices"] == []
        assert told(await client.ask("from"))["choices"] == []

    with_client(served, test)


def test_what_can_be_chosen_is_told_when_a_conversation_begins_and_with_each_answer(
    own: Served,
) -> None:
    async def test(client: Client) -> None:
        began = list(client.events)
        for events in (began, await client.ask("from")):
            assert told(events)["choices"] == own_choices()
            assert told(events)["scope"] == "everything"

    with_client(own, test)


@pytest.mark.parametrize(
    ("value", "asked", "label"),
    [
        ("own", "manual & ward/handbook", "Our own documents"),
        ("library", "a/guide (1)", "The guidance library"),
        ("document:manual", "manual", "Our team manual"),
        ("document:ward/handbook", "ward/handbook", "Ward handbook"),
    ],
)
def test_a_choice_holds_for_the_questions_after_it_and_is_said_with_each_answer(
    own: Served, value: str, asked: str, label: str
) -> None:
    async def test(client: Client) -> None:
        assert "Answered from" not in said(await client.ask("from"))
        await choose(client, value)
        for _ in range(2):
            events = await client.ask("from")
            assert said(events).startswith(f"*Answered from\\: {label}*\n\n")
            assert f"from {asked}" in unescape_markdown(said(events))
            assert told(events)["text"].startswith(f"Answered from: {label}\n\nOpening words.")
            assert told(events)["scope"] == value
        await choose(client, "everything")
        events = await client.ask("from")
        assert "from all" in unescape_markdown(said(events))
        assert "Answered from" not in said(events)
        assert told(events)["scope"] == "everything"

    with_client(own, test)


def test_a_choice_is_of_one_reader_only(own: Served) -> None:
    async def test() -> None:
        async with client_of(own.address) as one, client_of(own.address) as other:
            await choose(one, "own")
            await one.ask("from")
            assert "Answered from" not in said(await other.ask("from"))

    asyncio.run(test())


def test_a_choice_made_while_an_answer_is_under_way_is_for_the_next_question(own: Served) -> None:
    async def test(client: Client) -> None:
        since = await client.begin("slow 1")
        await asyncio.sleep(0.3)  # the server takes the choice with the question
        await choose(client, "own")
        events = await client.until(ended, since)
        assert "Answered from" not in said(events)
        assert told(events)["scope"] == "own"
        assert "Answered from" in said(await client.ask("from"))

    with_client(own, test)


def test_a_choice_outlives_a_break_of_the_connection(own: Served) -> None:
    async def test() -> None:
        session = str(uuid.uuid4())
        async with client_of(own.address, auth=auth_of(session)) as client:
            await client.ask("from")
            await choose(client, "document:manual")
            await client.ask("from")
        async with client_of(own.address, session) as client:
            back = windows(client.events)[-1]
            assert (back["kind"], back["scope"]) == ("returned", "document:manual")
            assert back["choices"] == own_choices()
            assert "from manual" in unescape_markdown(said(await client.ask("from")))
        async with client_of(own.address) as client:
            assert told(client.events)["scope"] == "everything"

    asyncio.run(test())


@pytest.mark.parametrize("value", ["document:manual", "document:no such", "nonsense"])
def test_a_choice_that_is_gone_becomes_everything_and_that_is_said_once(
    own: Served, value: str
) -> None:
    async def test(client: Client) -> None:
        await client.ask("remove manual")
        try:
            await choose(client, value)
            events = await client.ask("from")
            assert unescape_markdown(said(events)).startswith(STRINGS.scope.gone)
            assert "from all" in unescape_markdown(said(events))
            assert told(events)["scope"] == "everything"
            assert told(events)["choices"] == own_choices("document:manual")
            assert STRINGS.scope.gone not in unescape_markdown(said(await client.ask("from")))
        finally:
            await client.ask("restore manual")
        assert told(await client.ask("from"))["choices"] == own_choices()

    with_client(own, test)


def sidebar(events: list[Event]) -> dict[str, Any]:
    """The one element that is put beside the conversation."""
    (set_,) = all_of(events, "set_sidebar_elements")
    (element,) = set_["elements"]
    assert isinstance(element, dict)
    return element


async def want_page(client: Client, **changes: object) -> list[Event]:
    since = len(client.events)
    await client.socket.emit("window_message", page_wanted(**changes))
    return await client.until(lambda events: "set_sidebar_elements" in names(events), since)


def test_a_page_of_a_pdf_is_opened_in_the_viewer_and_stays_out_of_the_conversation(
    own: Served,
) -> None:
    async def test(client: Client) -> None:
        events = await want_page(client)
        assert all_of(events, "set_sidebar_title") == ["Our team manual"]
        element = sidebar(events)
        version = page_wanted()["version"]
        assert element["url"] == f"/file/manual?version={version}"
        assert (element["type"], element["display"], element["page"]) == ("pdf", "side", 2)
        assert element["chainlitKey"] is None
        assert "element" not in names(events)
        assert messages(events) == []

    with_client(own, test)


def test_the_same_page_is_opened_anew_each_time(own: Served) -> None:
    async def test(client: Client) -> None:
        first, second = await want_page(client), await want_page(client)
        assert sidebar(first)["id"] != sidebar(second)["id"]
        keys = [all_of(e, "set_sidebar_elements")[0]["key"] for e in (first, second)]
        assert keys[0] != keys[1]

    with_client(own, test)


def test_a_page_can_be_opened_while_an_answer_is_under_way(own: Served) -> None:
    async def test(client: Client) -> None:
        since = await client.begin("slow 1")
        assert sidebar(await want_page(client, page=3))["page"] == 3
        events = await client.until(ended, since)
        assert told(events)["lead"] == "Opening words."

    with_client(own, test)


QUESTION = "Who should be on the implementation team?"
OLD, NEW = "A leader with authority", "A sponsor with authority"


@pytest.fixture(scope="module")
def real_index(library_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(library_index, tmp_path_factory.mktemp("real") / "index")


@pytest.fixture(scope="module")
def real(real_index: Path) -> Iterator[Served]:
    with chat_command(real_index) as chat:
        chat.wait_until_ready()
        yield chat


def test_the_real_assistant_answers_over_the_socket(real: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask(QUESTION)
        assert r"[\[1\]](/source/" in said(events)
        assert "Implementation teams" in said(events)
        assert told(events)["text"].count("\nSources\n") == 1

    with_client(real, test)


def test_questions_are_answered_while_the_index_is_rebuilt_and_then_from_the_new_one(
    real: Served, real_index: Path, tmp_path: Path
) -> None:
    corpus = shutil.copytree(shipped_corpus(), tmp_path / "corpus")
    (note,) = corpus.rglob("implementation-teams.md")
    text = note.read_text("utf-8")
    assert OLD in text
    note.write_text(text.replace(OLD, NEW), "utf-8")
    command = [sys.executable, "-m", "assistant", "build", "--json"]
    places = ["--index", str(real_index), "--corpus", str(corpus)]

    async def test(client: Client) -> None:
        answers = []
        with subprocess.Popen(
            [*command, *places], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as build:
            while build.poll() is None:
                answers.append(said(await client.ask(QUESTION)))
            assert build.stdout
            report = json.load(build.stdout)
        assert (build.returncode, report["replaced"], report["refused"]) == (0, 1, [])
        assert OLD in answers[0]
        assert all(OLD in answer or NEW in answer for answer in answers)
        assert NEW in said(await client.ask(QUESTION))

    with_client(real, test)
