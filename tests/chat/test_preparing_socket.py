"""What a coach prepares and takes away, as a client of the chat sees it."""

import asyncio
import urllib.error
import urllib.request
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any

from assistant.chat.markdown import exact
from tests.chat.serving import AWAY, Served
from tests.chat.talking import (
    STRINGS,
    Client,
    all_of,
    auth_of,
    client_of,
    messages,
    names,
    said,
    told,
    windows,
)
from tests.coaching.sample import sample_plan

PREPARE = "prepare"  # the profile


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    data: bytes


async def fetch(served: Served, path: str) -> Reply:
    def ask() -> Reply:
        try:
            with urllib.request.urlopen(served.address + path, timeout=20) as reply:
                return Reply(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    return await asyncio.to_thread(ask)


def with_coach(
    served: Served, test: Callable[[Client], Awaitable[None]], profile: str = PREPARE
) -> None:
    async def connected() -> None:
        async with client_of(served.address, chat_profile=profile) as client:
            await test(client)

    asyncio.run(connected())


def offer(events: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = told(events)["take"]
    return found


def link(events: list[Any], form: str, wishes: str = "") -> str:
    return f"/take/{offer(events)['token']}.{form}{wishes}"


def test_a_plan_comes_whole_with_its_buttons_and_what_it_can_be_saved_as(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("plan a")
        assert said(events).startswith("## Exploration")
        assert "](/source/a%2Fguide%20%281%29?start=0&end=14&version=" in said(events)
        assert [one["name"] for one in all_of(events, "action")] == [
            "more",
            "less",
            "copy",
            "take",
            "judge",
        ]
        assert told(events)["lead"] == sample_plan().title
        assert told(events)["text"].startswith("# Exploration")
        assert offer(events)["formats"] == ["docx", "pdf", "pptx", "md", "txt"]
        assert offer(events)["whole"] is False
        assert names(events)[-1] == "task_end"

    with_coach(served, test)


def test_a_clear_request_is_enough_without_the_profile_and_a_bare_brief_is_not(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        assert said(await client.ask("plan a")).startswith("## Exploration")
        assert "Opening words" in said(await client.ask("brief for a ward"))

    with_coach(served, test, STRINGS.name)


def test_a_change_says_first_what_changed_and_what_was_prepared_is_no_earlier_question(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        await client.ask("brief for a ward")
        changed = said(await client.ask("change It is shorter now."))
        assert changed.index(r"It is shorter now\.") < changed.index("### Purpose")
        answer = said(await client.ask("what now?"))
        assert "Understood as" not in answer

    with_coach(served, test)


def test_what_is_lacking_is_asked_back_as_no_failure_and_read_together(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("lacking 90 minutes")
        assert said(events).startswith(r"**Where does the team work\?**")
        assert messages(events)[0].get("isError") is not True
        assert "take" not in told(events)
        events = await client.ask("the setting is a ward")
        assert "lacking 90 minutes the setting is a ward" in said(events)

    with_coach(served, test)


def test_what_cannot_be_is_said_with_its_remedy_and_nothing_is_lost(served: Served) -> None:
    async def test(client: Client) -> None:
        refused = said(await client.ask("tiny"))
        assert STRINGS.plan.refused in refused
        assert "Ask for 20 minutes or more" in refused
        await client.ask("plan a")
        assert STRINGS.plan.unchanged in said(await client.ask("tiny"))
        assert "shorter" in said(await client.ask("change it is shorter"))
        failed = said(await client.ask("plan broken"))
        assert STRINGS.failure.title in failed
        assert "a secret of the inside" not in failed

    with_coach(served, test)


def test_a_series_is_shown_and_each_session_of_it_on_demand(served: Served) -> None:
    async def test(client: Client) -> None:
        events = await client.ask("series")
        assert "/?prompt=Show+session+3" in said(events)
        assert [one["name"] for one in all_of(events, "action")] == ["copy", "take", "judge"]
        assert said(await client.ask("Show session 3")).startswith("## Exploration")
        assert "no session 7" in said(await client.ask("Show session 7"))

    with_coach(served, test)


def test_a_plan_that_is_stopped_is_not_there(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.stop(await client.begin("plan wait 3"))
        assert exact(STRINGS.take.nothing) in said(await client.ask("Turn that into slides."))

    with_coach(served, test)


def test_a_page_that_comes_back_gets_its_plan_and_can_still_save_it(served: Served) -> None:
    async def test() -> None:
        session = str(uuid.uuid4())
        auth = auth_of(session, chat_profile=PREPARE)
        async with client_of(served.address, auth=auth) as client:
            first = await client.ask("plan a")
        await asyncio.sleep(2 * AWAY)
        async with client_of(served.address, session) as client:
            assert [w["kind"] for w in windows(client.events)] == ["answer", "returned"]
            again = windows(client.events)[0]
            assert again["take"] == offer(first)
            assert (await fetch(served, link(first, "md"))).status == 200

    asyncio.run(test())


def test_every_format_that_is_offered_can_be_had_and_is_only_saved(served: Served) -> None:
    begins = {"docx": b"PK", "pdf": b"%PDF-", "pptx": b"PK", "md": b"# ", "txt": b"Subject: "}

    async def test(client: Client) -> None:
        events = await client.ask("plan dated")
        assert offer(events)["formats"] == [*begins, "ics"]
        for form in offer(events)["formats"]:
            reply = await fetch(served, link(events, form, "?paper=Letter&large=1"))
            assert reply.status == 200
            assert reply.data.startswith(begins.get(form, b"BEGIN:VCALENDAR"))
            assert reply.headers["content-disposition"].startswith("attachment; ")
            assert f'.{form}"' in reply.headers["content-disposition"]
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["cache-control"] == "no-store"

    with_coach(served, test)


def test_of_an_answer_the_whole_conversation_can_be_had(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.ask("quote colon")
        events = await client.ask("quote marks")
        assert offer(events)["whole"] is True
        alone = (await fetch(served, link(events, "md"))).data.decode()
        whole = (await fetch(served, link(events, "md", "?whole=1"))).data.decode()
        assert "quote colon" not in alone
        assert whole.index("quote colon") < whole.index("quote marks")

    with_coach(served, test, STRINGS.name)


def test_a_secret_that_nobody_has_leads_to_a_page_that_says_so(served: Served) -> None:
    async def test(client: Client) -> None:
        known = offer(await client.ask("quote colon"))["token"]
        for path in ("/take/guessed.pdf", f"/take/{known}.exe", f"/take/{known}",
                     f"/take/{known}.pdf?paper=A0"):  # fmt: skip
            reply = await fetch(served, path)
            assert reply.status == 404
            assert STRINGS.pages["not_kept"] in reply.data.decode()
        reply = await fetch(served, f"/take/{known}.pptx")
        assert reply.status == 409
        assert "Prepare a session first" in reply.data.decode()

    with_coach(served, test, STRINGS.name)


def test_a_new_conversation_forgets_what_could_be_saved(served: Served) -> None:
    async def test() -> None:
        async with client_of(served.address) as client:
            events = await client.ask("plan a")
            assert (await fetch(served, link(events, "md"))).status == 200
            await client.socket.emit("clear_session")
            await asyncio.sleep(0.2)
        for _ in range(50):
            if (await fetch(served, link(events, "md"))).status == 404:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("it can still be had")

    asyncio.run(test())


def test_slides_and_an_email_of_the_plan_are_linked_and_the_email_can_be_copied(
    served: Served,
) -> None:
    async def test(client: Client) -> None:
        await client.ask("plan a")
        await client.ask("quote colon")  # a question between does not change what "that" is
        events = await client.ask("Turn that into slides and an email to the team.")
        shown, token = said(events), offer(events)["token"]
        assert shown.index(f"](/take/{token}.pptx)") < shown.index(f"](/take/{token}.txt)")
        assert "```text\nSubject: " in shown
        assert told(events)["text"].startswith("Subject: ")
        assert (await fetch(served, link(events, "pptx"))).data.startswith(b"PK")

    with_coach(served, test)


def test_without_a_plan_it_is_the_last_answer_and_what_cannot_be_is_said(served: Served) -> None:
    async def test(client: Client) -> None:
        assert exact(STRINGS.take.nothing) in said(await client.ask("Turn that into a PDF."))
        await client.ask("quote colon")
        events = await client.ask("Turn that into slides and a PDF.")
        assert f"](/take/{offer(events)['token']}.pdf)" in said(events)
        assert ".pptx)" not in said(events)
        assert "Prepare a session first" in said(events)

    with_coach(served, test)


def test_the_calendar_of_a_plan_without_a_day_says_what_to_do(served: Served) -> None:
    async def test(client: Client) -> None:
        await client.ask("plan a")
        events = await client.ask("Make a calendar invitation of it.")
        assert STRINGS.take.formats["ics"] in said(events)
        assert "/take/" not in said(events)

    with_coach(served, test)
