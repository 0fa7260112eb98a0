"""A reader adds a document to a conversation: with the real model, over a corpus of one note."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import assert_nothing_is_found
from tests.browser.test_own_documents import apart, box_of
from tests.browser.test_written_answers import SIDEWAYS
from tests.browser.visits import PHONE, STRINGS, Chat, Visits
from tests.chat.serving import Served, chat_command

WORDS = STRINGS.upload
NOTE = "# Coaching\n\nCoaching helps staff to use what they learned in training.\n"
PLAN = (
    "# Ward plan\n\n## Handover\n\nThe handover on our ward begins at seven in the purple room.\n"
)
BESIDE = ("scope-choice", "upload-open", "chat-submit")
QUESTION = "When does the handover on our ward begin?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "notes").mkdir()
    (home / "notes" / "coaching.md").write_text(NOTE, "utf-8")
    (home / "Ward plan.md").write_text(PLAN, "utf-8")
    (home / "false.pdf").write_text(PLAN, "utf-8")
    return home


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    environment = {
        "ASSISTANT_CORPUS": str(home / "notes"), "ASSISTANT_UPLOADS": "yes",
        "XDG_DATA_HOME": str(home / "data"), "XDG_STATE_HOME": str(home / "state"),
    }  # fmt: skip
    with chat_command(home / "index", **environment) as served:
        served.wait_until_ready()
        yield served


def add(chat: Chat, file: Path) -> str:
    """Choose a file, send it, and close the dialog; gives what was said of it."""
    chat.page.get_by_role("button", name=WORDS.button).click()
    dialog = chat.page.get_by_role("dialog", name=WORDS.title)
    dialog.get_by_label(WORDS.file).set_input_files(file)
    dialog.get_by_role("button", name=WORDS.send, exact=True).click()
    said = dialog.get_by_role("status")
    expect(said).not_to_have_text(WORDS.working)
    expect(said).not_to_be_empty()
    text = said.inner_text()
    dialog.get_by_role("button", name=WORDS.close).click()
    expect(dialog).to_be_hidden()
    expect(chat.page.get_by_role("button", name=WORDS.button)).to_be_focused()
    return text


def test_a_conversation_is_answered_from_what_was_added_to_it_and_no_other_is(
    served: Served, visits: Visits, home: Path
) -> None:
    chat = visits.chat(address=served.address)
    assert "Ward plan" in add(chat, home / "Ward plan.md")
    expect(chat.page.locator("#scope-choice option")).to_contain_text(["Ward plan"])
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("begins at seven in the purple room.")
    chat.open_source(answer.get_by_role("link", name="[1]").first)
    expect(chat.marks.first).to_contain_text("begins at seven in the purple room.")
    chat.page.keyboard.press("Escape")

    chat.page.reload()
    chat.wait_until_resumed(1)
    chat.open_source(chat.answers.first.get_by_role("link", name="[1]").first)
    expect(chat.marks.first).to_contain_text("begins at seven in the purple room.")
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#scope-choice option")).to_contain_text(["Ward plan"])
    expect(chat.ask(f"{QUESTION} And where?")).to_contain_text("purple room")

    chat.begin_anew()
    expect(chat.page.locator("#scope-choice")).to_be_hidden()
    expect(chat.ask(QUESTION)).not_to_contain_text("purple")


def test_what_is_refused_is_said_in_the_dialog_and_the_next_one_is_taken(
    served: Served, visits: Visits, home: Path
) -> None:
    visits.expected.append("422 (Unprocessable")
    chat = visits.chat(address=served.address)
    said = add(chat, home / "false.pdf")
    assert "is named .pdf, but holds plain text." in said
    assert str(home) not in said
    assert "Ward plan" in add(chat, home / "Ward plan.md")


def test_a_document_that_is_too_large_is_not_sent(
    served: Served, visits: Visits, tmp_path: Path
) -> None:
    (tmp_path / "large.pdf").write_bytes(b"%PDF-" + bytes(10_000_000))
    chat = visits.chat(address=served.address)
    assert add(chat, tmp_path / "large.pdf") == WORDS.too_large.replace("$most", "10")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialog_and_on_a_phone_nothing_lies_over_another(
    served: Served, visits: Visits, home: Path, scheme: str
) -> None:
    chat = visits.chat(address=served.address, viewport=PHONE, color_scheme=scheme)
    add(chat, home / "Ward plan.md")
    assert not chat.page.evaluate(SIDEWAYS)
    boxes = [box_of(chat.page.locator(f"#{name}")) for name in BESIDE]
    assert all(apart(*two) for two in combinations(boxes, 2)), boxes
    chat.page.get_by_role("button", name=WORDS.button).click()
    assert_nothing_is_found(chat.page)
    chat.page.keyboard.press("Escape")
    assert_nothing_is_found(chat.page)
