"""What an answer cites is there as it was, though the document was replaced or removed since."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.restarts import UNREACHED, free_port
from tests.browser.visits import STRINGS, Chat, Visits
from tests.chat.serving import ROOT, chat_command

NOTE = """# Coaching after training

## How often should coaches visit?

Coaches should visit each teacher at least once a week in the first 12 weeks.
"""
QUESTION = "When does the implementation team review its handover checklist?"
HELD = "The implementation team reviews its handover checklist every Monday morning."
NOW = "The implementation team reviews its handover checklist on the last Friday of each month."


def run(folder: Path, environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "assistant", *arguments, "--index", str(folder / "index")]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def assert_shows_what_was_said(chat: Chat, state: str) -> None:
    chat.open_source(chat.answers.first.get_by_role("link", name="[1]").first)
    expect(chat.marks).to_have_text([HELD])
    expect(chat.panel.get_by_role("note")).to_have_text(STRINGS.pages[state])
    expect(chat.panel).not_to_contain_text(NOW)
    chat.page.keyboard.press("Escape")


def test_a_citation_opens_what_was_said_after_its_document_was_replaced_and_removed(
    visits: Visits, tmp_path: Path
) -> None:
    visits.expected += UNREACHED
    environment = {
        "ASSISTANT_CORPUS": str(tmp_path / "notes"),
        "ASSISTANT_DATABASE_URL": f"sqlite:///{tmp_path}/history.db",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "coaching.md").write_text(NOTE, "utf-8")
    ours = tmp_path / "handover.txt"
    port = ("--port", free_port())

    ours.write_text(f"Handover on our ward\n\n{HELD}\n", "utf-8")
    run(tmp_path, environment, "add", str(ours))
    with chat_command(tmp_path / "index", *port, **environment) as first:
        first.wait_until_ready()
        chat = visits.chat(address=first.address)
        answer = chat.ask(QUESTION)
        chat.open_source(answer.get_by_role("link", name="[1]").first)
        expect(chat.marks).to_have_text([HELD])
        expect(chat.panel.get_by_role("note")).to_have_count(0)
        chat.page.keyboard.press("Escape")

    ours.write_text(f"Handover on our ward\n\nWhat follows is new.\n\n{NOW}\n", "utf-8")
    run(tmp_path, environment, "add", str(ours))
    with chat_command(tmp_path / "index", *port, **environment) as second:
        second.wait_until_ready()
        chat.page.reload()
        chat.wait_until_resumed(1)
        assert_shows_what_was_said(chat, "older")
        run(tmp_path, environment, "remove", "handover")
        assert_shows_what_was_said(chat, "gone")
