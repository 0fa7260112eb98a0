"""Conversations that are kept: they come back, and are found, renamed and deleted in the list."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.restarts import UNREACHED, free_port, replaced
from tests.browser.test_accessibility import assert_nothing_is_found, settled
from tests.browser.test_keyboard import OUTLINE
from tests.browser.visits import PHONE, STRINGS, Chat, Visits
from tests.chat.serving import Served, scripted_chat
from tests.fakes import QUOTES

WORDS, JUDGE, DATA = STRINGS.page, STRINGS.judge, STRINGS.data
LISTED = STRINGS.chainlit["threadHistory"]["thread"]
# Chainlit's list on a phone is a dialog whose title comes from our script, not from Chainlit.
UNTITLED = "`DialogContent` requires a `DialogTitle`"


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """Where a server keeps its conversations, so that another finds them."""
    return {
        "DATABASE": f"sqlite:///{tmp_path}/data/history.db",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


@pytest.fixture
def fresh(kept: dict[str, str]) -> Iterator[Served]:
    """A server of which nothing has been asked."""
    with scripted_chat(PORT=free_port(), **kept) as served:
        yield served


def lines(chat: Chat) -> Locator:
    """The conversations in the list, the newest first."""
    return chat.page.locator("[data-sidebar=menu-item] a")


def assert_listed(chat: Chat, *names: str) -> None:
    expect(chat.page.locator("[data-sidebar=menu-button]")).to_have_text(names)


def choose(chat: Chat, name: str, questions: int) -> None:
    """Open a conversation of the list and wait for it."""
    chat.page.evaluate("() => { delete document.documentElement.dataset.resumed }")
    lines(chat).filter(has_text=name).click()
    chat.wait_until_resumed(questions)


def change(chat: Chat, name: str, how: str) -> Locator:
    """Say that a conversation of the list is to be renamed or deleted; gives the dialog."""
    line = chat.page.locator("[data-sidebar=menu-item]", has_text=name)
    line.get_by_role("button", name=WORDS["list_change"]).focus()
    chat.page.keyboard.press("Enter")
    chat.page.get_by_role("menuitem", name=LISTED["menu"][how]).click()
    words = LISTED["actions"][how]
    dialog = chat.page.get_by_role("dialog", name=words["title"]).or_(
        chat.page.get_by_role("alertdialog", name=words["title"])
    )
    expect(dialog).to_contain_text(words["description"])
    return dialog


def judge(chat: Chat, answer: Locator) -> Locator:
    """The dialog on that answer."""
    answer.get_by_role("button", name=JUDGE.button).click()
    dialog = chat.page.get_by_role("dialog", name=JUDGE.title)
    expect(dialog).to_be_visible()
    return dialog


def assert_is_as_it_was(chat: Chat) -> None:
    """What `test_a_conversation_comes_back_...` has asked, opened and said."""
    expect(chat.questions).to_have_text(["quote colon", "many"])
    expect(chat.answers.first).to_contain_text(QUOTES["colon"])
    expect(chat.answers.last).to_contain_text("Closing words. [12]")
    chat.open_source(chat.answers.first.get_by_role("link", name="[1]").first)
    expect(chat.marks).to_have_text([QUOTES["colon"]])
    chat.page.keyboard.press("Escape")
    dialog = judge(chat, chat.answers.first)
    expect(dialog.get_by_label(JUDGE.verdicts["wrong_evidence"])).to_be_checked()
    expect(dialog.get_by_label(JUDGE.comment)).to_have_value("It is of another stage.")
    dialog.get_by_role("button", name=JUDGE.close).click()
    expect(chat.answers.first.get_by_role("button", name=JUDGE.button)).to_be_focused()
    expect(chat.notes).to_be_empty()


def test_a_conversation_comes_back_after_a_restart_after_a_reload_and_from_the_list(
    visits: Visits, kept: dict[str, str]
) -> None:
    visits.expected += UNREACHED
    with scripted_chat(PORT=free_port(), **kept) as first:
        chat = visits.chat(address=first.address)
        answer = chat.ask("quote colon")
        expect(chat.page).to_have_url(re.compile(r"/thread/[0-9a-f-]{36}$"))
        chat.ask("many")
        dialog = judge(chat, answer)
        dialog.get_by_label(JUDGE.verdicts["wrong_evidence"]).check()
        dialog.get_by_label(JUDGE.comment).fill("It is of another stage.")
        assert_nothing_is_found(settled(chat))
        dialog.get_by_role("button", name=JUDGE.send).click()
        expect(dialog.get_by_role("status")).to_have_text(JUDGE.thanks)
        dialog.get_by_role("button", name=JUDGE.close).click()
        with replaced(first, **kept):
            chat.wait_until_resumed(2)
            assert_is_as_it_was(chat)
            chat.page.reload()
            chat.wait_until_resumed(2)
            assert_is_as_it_was(chat)
            chat.begin_anew()
            chat.ask("quote marks")
            assert_listed(chat, "quote marks", "quote colon")
            choose(chat, "quote colon", 2)
            assert_is_as_it_was(chat)
            expect(chat.ask("next")).to_contain_text("quote colon | many | next")
            assert_listed(chat, "quote colon", "quote marks")


def test_conversations_are_renamed_found_and_deleted(visits: Visits, fresh: Served) -> None:
    chat = visits.chat(address=fresh.address)
    chat.ask("many")
    chat.begin_anew()
    chat.ask("quote colon")
    assert_listed(chat, "quote colon", "many")

    dialog = change(chat, "many", "rename")
    assert_nothing_is_found(settled(chat))
    dialog.get_by_label(LISTED["actions"]["rename"]["form"]["name"]["label"]).fill("All of them")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)
    assert_listed(chat, "quote colon", "All of them")
    # Chainlit's short word that it is done, which is no more than the list shows.
    expect(chat.page.locator("[data-sonner-toast]")).to_have_count(0)

    chat.page.get_by_role("button", name=WORDS["list_search"]).click()
    search = chat.page.get_by_role("dialog", name=WORDS["list_search"])
    search.get_by_role("combobox").fill("closing words")  # of the answer
    expect(search.get_by_role("option")).to_have_text(["All of them"])
    assert_nothing_is_found(settled(chat))
    search.get_by_role("combobox").press("ArrowDown")
    search.get_by_role("combobox").press("Enter")
    chat.wait_until_resumed(1)
    expect(chat.questions).to_have_text(["many"])

    dialog = change(chat, "All of them", "delete")
    assert_nothing_is_found(settled(chat))
    dialog.get_by_role("button", name="Cancel").click()
    assert_listed(chat, "quote colon", "All of them")
    address = chat.page.url
    change(chat, "All of them", "delete").get_by_role("button", name="Confirm").click()
    assert_listed(chat, "quote colon")
    expect(chat.questions).to_have_count(0)

    chat.page.goto(address)
    expect(chat.notes).to_contain_text(WORDS["gone"])
    chat.wait_until_ready()
    expect(chat.page).to_have_url(f"{fresh.address}/")


def test_the_list_is_used_with_the_keyboard_and_axe_finds_nothing(
    visits: Visits, fresh: Served
) -> None:
    chat = visits.chat(address=fresh.address)
    assert_nothing_is_found(settled(chat))
    chat.ask("quote colon")
    chat.begin_anew()
    chat.ask("many")
    assert_listed(chat, "many", "quote colon")
    assert_nothing_is_found(settled(chat))

    focused = chat.page.locator(":focus")
    chat.page.get_by_role("button", name=WORDS["new_chat"]).focus()
    for name in ("many", WORDS["list_change"], "quote colon"):
        chat.page.keyboard.press("Tab")
        expect(focused).to_have_accessible_name(name)
        expect(focused).to_be_in_viewport()
        assert focused.evaluate(OUTLINE) >= 2, name
    chat.page.keyboard.press("Enter")
    chat.wait_until_resumed(1)
    expect(chat.questions).to_have_text(["quote colon"])
    expect(chat.box).to_be_focused()

    options = chat.page.get_by_role("button", name=WORDS["list_change"]).first
    expect(options).to_have_accessible_description("many")
    options.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("menuitem", name=LISTED["menu"]["rename"])).to_be_focused()
    assert_nothing_is_found(settled(chat), within="[role=menu]")
    chat.page.keyboard.press("Escape")
    expect(options).to_be_focused()

    chat.page.get_by_role("button", name=WORDS["list_close"]).focus()
    chat.page.keyboard.press("Enter")
    expect(focused).to_have_accessible_name(WORDS["list_open"])
    chat.page.keyboard.press("Shift+Tab")
    expect(focused).to_have_accessible_name(WORDS["skip"])  # nothing of the list in between
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    expect(focused).to_have_accessible_name(WORDS["list_close"])


def test_on_a_phone_the_list_is_opened_over_the_page(visits: Visits, fresh: Served) -> None:
    visits.expected.append(UNTITLED)
    chat = visits.chat(address=fresh.address, viewport=PHONE)
    chat.ask("quote colon")
    chat.begin_anew()
    chat.ask("many")
    chat.page.get_by_role("button", name=WORDS["list_open"]).click()
    shown = chat.page.get_by_role("dialog", name=WORDS["conversations"])
    expect(shown.get_by_role("link", name="quote colon").first).to_be_in_viewport(ratio=1)
    assert_nothing_is_found(settled(chat))
    lines(chat).filter(has_text="quote colon").click()
    chat.wait_until_resumed(1)
    expect(shown).to_have_count(0)
    expect(chat.answers.first).to_contain_text(QUOTES["colon"])
    assert chat.page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]


def test_an_answer_that_could_not_be_kept_says_so(
    visits: Visits, fresh: Served, tmp_path: Path
) -> None:
    chat = visits.chat(address=fresh.address)
    with closing(sqlite3.connect(tmp_path / "data" / "history.db")) as database:
        database.execute("ALTER TABLE turns RENAME TO elsewhere")
    answer = chat.ask("quote colon")
    expect(answer).to_contain_text(QUOTES["colon"])
    expect(chat.notes).to_contain_text(STRINGS.history.unkept.partition("$")[0].strip())
    chat.notes.get_by_role("button", name=WORDS["dismiss"]).click()
    expect(chat.ask("next")).to_contain_text("quote colon | next")


def test_what_is_kept_is_said_copied_and_deleted(visits: Visits, fresh: Served) -> None:
    chat = visits.chat(address=fresh.address)
    chat.ask("quote colon")
    assert_listed(chat, "quote colon")
    chat.page.get_by_role("button", name="About", exact=True).click()
    with chat.page.context.expect_page() as opened:
        chat.page.get_by_role("dialog").get_by_role("link", name=DATA.title).click()
    page = opened.value
    expect(page.get_by_role("heading", level=1)).to_have_text(DATA.title)
    expect(page.get_by_role("main")).to_contain_text(DATA.where_alone)
    expect(page.get_by_role("row", name=DATA.conversations)).to_contain_text(DATA.until_deleted)
    assert_nothing_is_found(page)
    with page.expect_download() as waited:
        page.get_by_role("link", name=DATA.export).click()
    saved = json.loads(waited.value.path().read_text("utf-8"))
    assert QUOTES["colon"] in json.dumps(saved, ensure_ascii=False)

    page.get_by_role("button", name=DATA.delete).click()
    assert page.locator("#deleted").count() == 0
    page.get_by_label(DATA.sure).check()
    page.get_by_role("button", name=DATA.delete).click()
    expect(page.locator("#deleted")).to_have_text(DATA.deleted.replace("$count", "1"))
    page.get_by_role("link", name=STRINGS.pages["to_chat"]).click()
    expect(page.locator("#starters button").first).to_be_enabled()
    expect(page.locator("[data-sidebar=menu-button]")).to_have_count(0)
    found = page.request.post(f"{fresh.address}/project/threads", data={})
    assert found.json()["data"] == []
