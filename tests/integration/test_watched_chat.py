"""The chat over the real library, its log and traces switched on: what they have, and what not."""

import asyncio
import urllib.request
from contextlib import closing
from pathlib import Path

from assistant.index.ledger.ledger import Ledger
from tests.chat.serving import chat_command
from tests.chat.talking import client_of, said
from tests.collector import collecting, facts_of

QUESTIONS = (
    "Should we scale up or scale out for Xanthippe?",
    "Which stage are we in, asks zebrafish?",
    "What colour of paint does Xanthippe like?\n{\"event\": \"zebrafish\"}",
    "Plan me a 40-minute session on exploration for the zebrafish team.",
)  # fmt: skip


def test_neither_the_log_nor_the_traces_have_a_word_of_what_is_asked_or_quoted(
    library_index: Path,
) -> None:
    with collecting() as collector:
        environment = {"ASSISTANT_LOG": "text", "ASSISTANT_TRACES_URL": collector.url}
        with chat_command(library_index, "--no-browser", **environment) as served:
            served.wait_until_ready()

            async def one(question: str) -> str:
                async with client_of(served.address) as client:
                    return said(await client.ask(question))

            async def all_at_once() -> list[str]:
                return await asyncio.gather(*map(one, QUESTIONS))

            answers = asyncio.run(all_at_once())
            assert all(answers)
            with urllib.request.urlopen(f"{served.address}/metrics", timeout=10) as reply:
                numbers = reply.read().decode()
            assert served.interrupt() in (0, 130)
        log = "".join(served.lines)
        traces = b"".join(collector.bodies).decode("utf-8", "replace")
        titles = _titles(library_index)
        assert len(titles) > 100
        for place in (log.lower(), traces.lower(), numbers.lower()):
            assert [word for word in ("xanthippe", "zebrafish", *titles) if word in place] == []
        assert log.count("event=answer") == 3
        assert log.count("event=plan") == 1
        assert 'event="index opened"' in log
        roots = collector.named("answer")
        asked = [span for span in roots if facts_of(span)["outcome"] in ("answered", "declined")]
        assert len(asked) >= 3
        traced = [span.trace_id for span in roots]
        assert len(set(traced)) == len(traced)  # nobody's answer is in the trace of another's
        for root in roots:
            inside = [span for span in collector.spans if span.trace_id == root.trace_id]
            assert [span.name for span in inside].count("read the question") == 1
        assert collector.named("prepare")


def _titles(index: Path) -> list[str]:
    """Those of more than a word, which may be one of ours as well, in lower case."""
    with closing(Ledger(index)) as ledger:
        titles = [entry.title.lower() for entry in ledger.documents.entries().values()]
    return [title for title in titles if " " in title]


def test_a_collector_that_is_away_is_told_once_and_slows_no_answer(library_index: Path) -> None:
    environment = {"ASSISTANT_TRACES_URL": "http://127.0.0.1:9"}
    with chat_command(library_index, "--no-browser", **environment) as served:
        served.wait_until_ready()

        async def ask() -> list[str]:
            async with client_of(served.address) as client:
                return [said(await client.ask(question)) for question in QUESTIONS[:2]]

        answers = asyncio.run(ask())
        assert served.interrupt() in (0, 130)
    assert all("ASSISTANT_TRACES_URL" not in answer for answer in answers)
    assert "".join(served.lines).count("ASSISTANT_TRACES_URL") == 1
    assert "Traceback" not in "".join(served.lines)
