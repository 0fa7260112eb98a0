"""The numbers, the status and the log of a running server, as its readers fill them."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.chat.strings import read_strings
from tests.chat.serving import Served, scripted_chat
from tests.chat.talking import client_of, names, with_client
from tests.chat.two_users import (
    KEY,
    Team,
    ask,
    elsewhere,
    joined,
    logged_by,
    page_of,
    sign_in,
    team_in,
)
from tests.fakes import ScriptedAssistant
from tests.store.accounts import PASSWORD

WORDS = read_strings().status
NAME = "Xanthippe Featherstonehaugh"
HOSTILE = (
    "What of Featherstonehaugh and the zebrafish?",
    'zebrafish\n{"event": "answer", "zebrafish": 1}',
    'zebrafish" event=zebrafish \x1b[31m %s ${zebrafish} {zebrafish}',
    "broken zebrafish",
    "damaged zebrafish",
    "paint zebrafish",
    "write zebrafish",
    "plan zebrafish for zebrafish",
    "plan broken zebrafish",
    "tiny zebrafish",
    "lacking zebrafish",
)
SECRET_WORDS = ("zebrafish", "xanthippe", "featherstonehaugh", "opening words", "signs] & <tags")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_in(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture
def alone() -> Iterator[Served]:
    with scripted_chat(LOG="json", AWAY="0.2", UPLOADS="1") as served:
        yield served


def numbers(team: Team | Served) -> dict[tuple[str, ...], float]:
    """Each number by its name and the values of its labels."""
    if isinstance(team, Team):
        text = ask(team, "GET", "/metrics", Authorization=f"Bearer {KEY}").body
    else:
        text = fetched(team, "/metrics")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def fetched(served: Served, path: str) -> str:
    import urllib.request

    with urllib.request.urlopen(served.address + path, timeout=10) as reply:
        return str(reply.read().decode())


def events(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines if line.startswith("{")]


def soon(true: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def test_no_word_of_anybody_is_in_the_log_or_in_the_numbers(team: Team) -> None:
    before = len(logged_by(team))
    reader = joined(team, NAME)

    async def talk() -> None:
        async with page_of(team, reader) as page:
            for question in HOSTILE:
                await page.ask(question)

    asyncio.run(talk())
    sign_in(team, NAME, "zebrafish, and wrong", elsewhere())
    sign_in(team, "Featherstonehaugh' OR 1=1", PASSWORD, elsewhere())
    ask(team, "POST", "/upload/zebrafish?name=zebrafish.md", reader, b"zebrafish")
    ask(team, "GET", "/source/zebrafish?version=zebrafish", reader)
    shown = "\n".join(team.served.lines).lower()
    text = ask(team, "GET", "/metrics", team.admin).body
    page = ask(team, "GET", "/status", team.admin).body
    said = {one["event"] for one in events(team.served.lines)}
    assert {"server started", "index opened", "answer", "plan", "error", "sign-in refused",
            "upload"} <= said  # fmt: skip
    for place in (shown, text.lower(), page.lower()):
        assert [word for word in SECRET_WORDS if word in place] == []
        assert reader.id not in place
        assert reader.cookie not in place
        assert "127.1." not in place  # addresses of who signs in
    assert len(logged_by(team)) > before


def test_what_became_of_the_questions_is_in_the_numbers(team: Team) -> None:
    before = numbers(team)

    async def talk() -> None:
        async with page_of(team, team.reader) as page:
            for question in ("many", "many", "paint", "write", "broken", "damaged", "plan a b"):
                await page.ask(question)
            assert numbers(team)[("assistant_sockets_open",)] == 1

    asyncio.run(talk())
    now = numbers(team)

    def more(*name: str) -> float:
        return now[name] - before.get(name, 0.0)

    assert more("assistant_answers_total", "scripted", "answered") == 2
    assert more("assistant_answers_total", "scripted", "declined") == 1
    assert more("assistant_answers_total", "openai-like:small", "answered") == 1
    assert more("assistant_answers_total", "none", "failed") == 2
    assert more("assistant_errors_total", "RuntimeError") == 1
    assert more("assistant_errors_total", "IndexDamaged") == 1
    assert more("assistant_plans_total", "plan") == 1
    assert more("assistant_answer_seconds_count") == 4
    assert more("assistant_first_words_seconds_count") == 4
    assert now[("assistant_answers_under_way",)] == now[("assistant_answers_waiting",)] == 0
    assert soon(lambda: numbers(team)[("assistant_sockets_open",)] == 0)


def test_a_refused_sign_in_and_a_refused_upload_are_counted(team: Team) -> None:
    before = numbers(team)
    sign_in(team, "Rosa Reader", "wrong", elsewhere())
    ask(team, "POST", "/upload/none?name=a.md", team.reader, b"a")
    now = numbers(team)
    for name in (("assistant_sign_ins_refused_total",), ("assistant_uploads_total", "refused")):
        assert now[name] == before.get(name, 0) + 1


def test_words_of_a_model_are_there_before_its_answer_is(team: Team) -> None:
    before = numbers(team)

    async def talk() -> None:
        async with page_of(team, team.reader) as page:
            await page.ask("slowly 0.05")

    asyncio.run(talk())
    now = numbers(team)
    whole, first = (
        now[(name,)] - before[(name,)]
        for name in ("assistant_answer_seconds_sum", "assistant_first_words_seconds_sum")
    )
    assert first + 0.3 < whole


def test_an_answer_under_way_is_seen_and_one_that_is_stopped_is_interrupted(
    alone: Served,
) -> None:
    async def test() -> None:
        async with client_of(alone.address) as client:
            since = await client.begin("hang")
            assert await asyncio.to_thread(
                soon, lambda: numbers(alone)[("assistant_answers_under_way",)] == 1
            )
            await client.stop(since)
            assert await asyncio.to_thread(
                soon, lambda: numbers(alone)[("assistant_answers_under_way",)] == 0
            )

    asyncio.run(test())
    assert numbers(alone)[("assistant_answers_total", "none", "stopped")] == 1
    (answer,) = [one for one in events(alone.lines) if one["event"] == "answer"]
    assert (answer["outcome"], answer["interrupted"]) == ("stopped", True)


def test_who_leaves_interrupts_the_answer(alone: Served) -> None:
    async def leave() -> None:
        async with client_of(alone.address) as client:
            await client.begin("hang")

    asyncio.run(leave())
    stopped = ("assistant_answers_total", "none", "stopped")
    assert soon(lambda: numbers(alone).get(stopped) == 1)


def test_the_log_begins_with_the_start_and_ends_with_the_stop(alone: Served) -> None:
    with_client(alone, lambda client: _asked(client, "remove manual"))
    assert soon(lambda: "index opened" in [one["event"] for one in events(alone.lines)])
    alone.process.terminate()
    alone.process.wait(20)
    assert soon(lambda: "server stopped" in "".join(alone.lines))
    said = [one["event"] for one in events(alone.lines)]
    assert (said[0], said[-1]) == ("server started", "server stopped")


async def _asked(client: Any, question: str) -> None:
    assert "task_end" in names(await client.ask(question))


def test_who_has_no_accounts_reads_both_pages(alone: Served) -> None:
    page = fetched(alone, "/status")
    assert WORDS.title in page
    assert "scripted-model, in its fast form" in page
    assert ScriptedAssistant.TITLE not in page
    assert soon(lambda: numbers(alone)[("assistant_index_documents",)] == 1)
    assert 'href="/status"' in fetched(alone, "/data")


def test_an_admin_finds_the_status_beside_what_is_kept_and_a_reader_does_not(team: Team) -> None:
    assert 'href="/status"' in ask(team, "GET", "/data", team.admin).body
    assert 'href="/status"' not in ask(team, "GET", "/data", team.reader).body
    refused = ask(team, "GET", "/status", team.reader)
    assert refused.status == 403
    assert read_strings().pages["for_admins"] in refused.body


def test_guests_read_neither_and_the_key_opens_the_numbers() -> None:
    import urllib.error

    with scripted_chat(WAY="guests", METRICS_KEY=KEY) as served:
        for path in ("/status", "/metrics"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                fetched(served, path)
            assert caught.value.code == 403
            caught.value.close()
        import urllib.request

        asked = urllib.request.Request(
            f"{served.address}/metrics", headers={"Authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(asked, timeout=10) as reply:
            assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_the_last_errors_are_on_the_status_page(team: Team) -> None:
    async def talk() -> None:
        async with page_of(team, team.reader) as page:
            await page.ask("broken zebrafish")

    asyncio.run(talk())
    page = ask(team, "GET", "/status", team.admin).body
    assert "<td>RuntimeError</td>" in page
    assert "failure.log</td>" in page
    assert "a secret of the inside" not in page
