"""Answers that a language model writes, as a client of the socket sees them come."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.render import unescape_markdown
from tests.chat.chatting import FAILED, NOTICE, SAID, UNSAID, WHY
from tests.chat.serving import AWAY, Served, scripted_chat
from tests.chat.talking import (
    STRINGS,
    Client,
    Event,
    all_of,
    auth_of,
    client_of,
    ended,
    messages,
    names,
    question_of,
    said,
    told,
    windows,
    with_client,
)

SIGNS = STRINGS.answer.signs


def shown(events: list[Event]) -> list[str]:
    """What the message of an answer showed, one after another, up to the complete one."""
    (start,) = all_of(events, "stream_start")
    pieces = [piece for piece in all_of(events, "stream_token") if piece["id"] == start["id"]]
    assert all(piece["isSequence"] for piece in pieces)
    last = [one["output"] for one in all_of(events, "new_message") if one["id"] == start["id"]]
    return [start["output"], *(piece["token"] for piece in pieces), *last]


def is_drawn(text: str) -> Callable[[list[Event]], bool]:
    def drawn(events: list[Event]) -> bool:
        return text in json.dumps([e for e in events if "stream" in e[0]], ensure_ascii=False)

    return drawn


async def begin(client: Client, question: str, until: str = "Opening") -> int:
    """Ask, and wait until that is shown; gives where the events of the question begin."""
    since = len(client.events)
    await client.socket.emit("client_message", question_of(question))
    await client.until(is_drawn(until), since)
    return since


async def turn(client: Client, message: str, to: object) -> None:
    word = {"from": "page", "kind": "turn", "id": message, "to": to}
    await client.socket.emit("window_message", word)


async def stopped_so_far(served: Served) -> int:
    """How many answers were stopped, as the model's server would tell."""
    async with client_of(served.address) as other:
        text = unescape_markdown(said(await other.ask("stopped?")))
    return int(text.split("stopped ")[1].split("\n")[0].strip("*_ "))


async def until_stopped(served: Served, times: int) -> None:
    async with asyncio.timeout(20):
        while await stopped_so_far(served) < times:
            await asyncio.sleep(0.1)


def test_words_are_shown_before_the_answer_is_complete_each_state_longer_than_the_last(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        *drafts, whole = shown(await client.ask("slowly 0.1"))
        assert len(drafts) > 5
        assert drafts == sorted(drafts, key=len)
        assert unescape_markdown(drafts[0]) in SAID[0]
        signed = [SIGNS.verbatim in draft for draft in drafts]
        assert signed == sorted(signed)
        assert any(SIGNS.verbatim in draft and "open it" not in draft for draft in drafts)
        for claim in (*SAID, UNSAID):
            assert claim in unescape_markdown(whole)

    with_client(served, test)


def test_the_complete_answer_has_signs_their_meaning_its_sources_and_its_notices(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("slowly 0.1")
        text = unescape_markdown(shown(events)[-1])
        for kind in ("verbatim", "supported", "unsupported"):
            assert text.count(getattr(SIGNS, kind)) == 2  # behind a sentence, and explained
            assert getattr(SIGNS, f"{kind}_means") in text
        assert f"(Not supported: {WHY})" in text
        assert NOTICE in text
        assert STRINGS.answer.sources in text
        assert messages(events)[-1]["streaming"] is False

    with_client(served, test)


def test_what_is_copied_says_in_words_what_is_not_supported(served: Served) -> None:
    async def test(client: Client) -> None:
        text = told(await client.ask("write"))["text"]
        assert f"{UNSAID} [1] (Not supported: {WHY})" in text

    with_client(served, test)


def test_an_answer_that_is_quoted_has_no_signs_and_no_other_buttons(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("quote colon")
        assert not any(sign in said(events) for sign in (SIGNS.verbatim, SIGNS.supported))
        assert [action["name"] for action in all_of(events, "action")] == ["copy", "take", "judge"]

    with_client(served, test)


def test_where_the_model_fails_quotes_take_the_place_of_the_draft(served: Served) -> None:
    async def test(client: Client) -> None:
        draft, *_, whole = shown(await client.ask("fail 0.5"))
        assert draft.startswith("Opening words")
        text = unescape_markdown(whole)
        assert text.startswith("Closing words. [")
        assert FAILED in text
        assert SIGNS.verbatim not in text

    with_client(served, test)


def test_that_the_model_is_asked_again_is_said_meanwhile(served: Served) -> None:
    async def test(client: Client) -> None:
        *drafts, whole = shown(await client.ask("anew 1"))
        assert STRINGS.answer.again in unescape_markdown(drafts[-1])
        assert STRINGS.answer.again not in unescape_markdown(whole)

    with_client(served, test)


def test_markup_of_the_model_is_shown_as_words(served: Served) -> None:
    async def test(client: Client) -> None:
        for text in shown(await client.ask("markup")):
            assert "](http" not in text
            assert "<b>" not in text
            assert ":smile" not in text.replace("\\:", "")

    with_client(served, test)


def test_a_stop_ends_the_writing_at_once_and_leaves_what_was_shown(served: Served) -> None:
    async def test(client: Client) -> None:
        before = await stopped_so_far(served)
        since = await begin(client, "hang", SIGNS.verbatim)
        events = await client.stop(since)
        await until_stopped(served, before + 1)
        last = unescape_markdown(shown(events)[-1])
        assert SAID[0] in last
        assert STRINGS.answer.unfinished in last
        changed = [one["output"] for one in all_of(events, "update_message")]
        assert STRINGS.answer.stopped in changed
        assert told(events)["kind"] == "stopped"
        assert "Understood as" not in said(await client.ask("next one"))

    with_client(served, test)


@asynccontextmanager
async def page_of(served: Served, session: str) -> AsyncIterator[Client]:
    async with client_of(served.address, auth=auth_of(session)) as client:
        yield client


def test_a_reader_who_leaves_and_stays_away_stops_the_writing(served: Served) -> None:
    async def test() -> None:
        before, session = await stopped_so_far(served), str(uuid.uuid4())
        async with page_of(served, session) as client:
            await begin(client, "hang", SIGNS.verbatim)
        assert await stopped_so_far(served) == before
        await until_stopped(served, before + 1)
        async with client_of(served.address, session) as client:
            draft = unescape_markdown(messages(client.events)[-1]["output"])
            assert SAID[0] in draft
            assert STRINGS.answer.unfinished in draft
            assert windows(client.events)[-1]["under_way"] == ""
            assert "Understood as" not in said(await client.ask("next one"))

    asyncio.run(test())


def test_a_new_conversation_stops_the_writing_at_once(served: Served) -> None:
    async def test() -> None:
        before = await stopped_so_far(served)
        async with client_of(served.address) as client:
            await begin(client, "hang", SIGNS.verbatim)
            await client.socket.emit("clear_session")
            await asyncio.sleep(0.2)
        await until_stopped(served, before + 1)

    asyncio.run(test())


def test_a_short_break_stops_nothing_and_no_word_is_lost_or_doubled(served: Served) -> None:
    async def test() -> None:
        before, session = await stopped_so_far(served), str(uuid.uuid4())
        async with page_of(served, session) as client:
            since = await begin(client, "slowly 0.3")
            first = client.events[since:]
        await asyncio.sleep(AWAY / 2)
        async with client_of(served.address, session) as client:
            events = await client.until(
                lambda events: "answer" in [w["kind"] for w in windows(events)]
            )
            (start,) = all_of(first, "stream_start")
            assert {one["id"] for one in messages(events)} == {start["id"]}
            drafts = [one["output"] for one in messages(events)]
            drafts[1:1] = [piece["token"] for piece in all_of(events, "stream_token")]
            for draft in drafts:
                plain = unescape_markdown(draft)
                assert plain.startswith("Opening words.")
                assert all(plain.count(claim) <= 1 for claim in (SAID[1], UNSAID))
            assert messages(events)[0]["streaming"] is True
            assert UNSAID in drafts[-1].replace("\\", "")
            await asyncio.sleep(AWAY)
        assert await stopped_so_far(served) == before

    asyncio.run(test())


# --- the quotes behind an answer ------------------------------------------------------


async def turned(client: Client, message: str, to: str) -> dict[str, Any]:
    """The message after it was turned."""
    since = len(client.events)
    await turn(client, message, to)
    events = await client.until(lambda events: "window_message" in names(events), since)
    assert told(events) == {
        "from": "assistant", "kind": "turned", "id": message, "to": to, "lead": "", "text": "",
    }  # fmt: skip
    (changed,) = all_of(events, "update_message")
    assert names(events) == ["update_message", "window_message"]
    return dict(changed)


def test_an_answer_gives_way_to_its_quotes_and_comes_back(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("write")
        (message,) = messages(events)
        names_of = [one["name"] for one in all_of(events, "action")]
        assert names_of == ["copy", "take", "judge", "quotes", "answer"]
        for _ in range(2):
            quotes = await turned(client, message["id"], "quotes")
            assert "“Opening words\\.”" in quotes["output"]
            assert "](/source/a%2Fguide" in quotes["output"]
            assert UNSAID not in unescape_markdown(quotes["output"])
            assert quotes["id"] == message["id"]
        back = await turned(client, message["id"], "answer")
        assert back["output"] == message["output"]

    with_client(served, test)


def test_an_answer_gives_way_as_soon_as_the_button_for_it_is_there(served: Served) -> None:
    async def test(client: Client) -> None:
        def offered(events: list[Event]) -> bool:
            return any(one["name"] == "quotes" for one in all_of(events, "action"))

        since = await begin(client, "write", until="")
        events = await client.until(offered, since)
        (message,) = messages(events)
        await turn(client, message["id"], "quotes")
        events = await client.until(lambda events: "update_message" in names(events), since)
        (changed,) = all_of(events, "update_message")
        assert "“Opening words\\.”" in changed["output"]

    with_client(served, test)


def test_what_was_shown_instead_is_shown_after_a_break(served: Served) -> None:
    async def test() -> None:
        session = str(uuid.uuid4())
        async with page_of(served, session) as client:
            (message,) = messages(await client.ask("write"))
            quotes = await turned(client, message["id"], "quotes")
        async with client_of(served.address, session) as client:
            assert messages(client.events)[-1]["output"] == quotes["output"]
            kinds = [window["kind"] for window in windows(client.events)]
            assert kinds == ["answer", "turned", "returned"]

    asyncio.run(test())


@pytest.mark.parametrize(
    "word",
    [
        {"id": str(uuid.uuid4()), "to": "quotes"}, {"id": "x", "to": "quotes"},
        {"id": 1, "to": "quotes"}, {"id": None, "to": "answer"}, {"to": "quotes"},
        {"id": str(uuid.uuid4()), "to": "source"},
        {"id": str(uuid.uuid4()), "to": "quotes", "more": 1}, {"id": ["a"], "to": ["quotes"]},
    ],
)  # fmt: skip
def test_a_turn_that_makes_no_sense_changes_nothing(served: Served, word: dict[str, Any]) -> None:
    async def test(client: Client) -> None:
        since = len(client.events)
        said_to = {"from": "page", "kind": "turn"} | word
        await client.socket.emit("window_message", said_to)
        await client.ask("quote colon")
        events = client.events[since:]
        assert [window["kind"] for window in windows(events)] == ["answer"]

    with_client(served, test)


def test_nobody_turns_the_answer_of_somebody_else(served: Served) -> None:
    async def test() -> None:
        async with client_of(served.address) as one, client_of(served.address) as other:
            (message,) = messages(await one.ask("write"))
            since = len(one.events)
            await turn(other, message["id"], "quotes")
            assert [w["kind"] for w in windows(await other.ask("quote colon"))] == ["answer"]
            assert one.events[since:] == []

    asyncio.run(test())


def test_the_last_twenty_answers_can_be_turned_and_older_ones_do_nothing(served: Served) -> None:
    async def test(client: Client) -> None:
        ids = [messages(await client.ask("write"))[-1]["id"] for _ in range(21)]
        await turned(client, ids[1], "quotes")
        since = len(client.events)
        await turn(client, ids[0], "quotes")
        await client.ask("quote colon")
        assert [window["kind"] for window in windows(client.events[since:])] == ["answer"]

    with_client(served, test)


def test_an_answer_can_be_turned_while_the_next_one_is_written(served: Served) -> None:
    async def test(client: Client) -> None:
        (message,) = messages(await client.ask("write"))
        since = await begin(client, "slowly 0.1")
        await turn(client, message["id"], "quotes")
        events = await client.until(
            lambda events: "answer" in [w["kind"] for w in windows(events)], since
        )
        assert [window["kind"] for window in windows(events)] == ["turned", "answer"]

    with_client(served, test)


def test_writing_leaves_nothing_on_the_terminal_and_in_no_log(tmp_path: Path) -> None:
    async def test(client: Client) -> None:
        for question in ("write", "markup", "fail", "anew 0.1"):
            await client.ask(question)
        since = await begin(client, "hang")
        await client.socket.emit("stop")
        await client.until(ended, since)

    with scripted_chat(XDG_STATE_HOME=str(tmp_path)) as chat:
        with_client(chat, test)
        lines = list(chat.lines)
    assert lines == [f"{chat.address}\n"]
    assert list(tmp_path.rglob("failure.log")) == []
