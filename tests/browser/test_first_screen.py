"""What somebody sees first, and what stands around every conversation."""

import re

import pytest
from playwright.sync_api import Route, expect

from assistant.render import unescape_markdown
from tests.browser.visits import STRINGS, Visits


def plain(markdown: str) -> list[str]:
    """The lines of a Markdown text of ours as they are shown."""
    without_links = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    lines = (line.lstrip("#- ") for line in without_links.strip().split("\n"))
    return [unescape_markdown(line) for line in lines if line]


def test_the_first_screen_says_what_the_assistant_does_and_what_it_does_not(
    visits: Visits,
) -> None:
    chat = visits.chat()
    welcome = chat.page.locator("#welcome-screen .prose")
    assert [line for line in welcome.inner_text().split("\n") if line] == plain(STRINGS.welcome)
    expect(chat.page).to_have_title(STRINGS.name)
    expect(chat.page.get_by_role("heading", level=1)).to_have_text(STRINGS.name)
    placeholder = STRINGS.chainlit["chat"]["input"]["placeholder"]
    expect(chat.box).to_have_attribute("placeholder", placeholder)
    expect(chat.box).to_be_in_viewport()
    expect(chat.starters.last).to_be_in_viewport(ratio=1)
    expect(chat.notes).to_be_empty()
    expect(chat.announcer).to_be_empty()


def test_the_starters_are_ours_and_one_that_is_pressed_is_asked(visits: Visits) -> None:
    chat = visits.chat()
    assert tuple(chat.starters.all_inner_texts()) == STRINGS.starters
    chat.starters.nth(1).click()
    expect(chat.questions).to_have_text([STRINGS.starters[1]])
    expect(chat.answer(0)).to_contain_text("Opening words. [1]")
    expect(chat.starters).to_have_count(0)


def test_no_picture_is_missing_however_late_the_page_learns_who_is_there(visits: Visits) -> None:
    page = visits.blank()
    held: list[Route] = []
    page.route("**/user", lambda route: held.append(route))
    with page.expect_request("**/user"):
        page.goto(visits.address)
    expect(page.locator("#welcome-screen img")).to_be_visible()
    held[0].continue_()
    expect(page.locator("#starters button").first).to_be_enabled()


def test_an_address_with_a_question_puts_it_into_the_box(visits: Visits) -> None:
    chat = visits.chat("/?prompt=What+comes+next%3F")
    expect(chat.box).to_have_value("What comes next?")
    chat.page.locator("#chat-submit").click()
    expect(chat.questions).to_have_text(["What comes next?"])


def test_enter_sends_and_shift_enter_begins_a_line(visits: Visits) -> None:
    chat = visits.chat()
    chat.type("first line")
    chat.page.keyboard.press("Shift+Enter")
    chat.type("second line")
    expect(chat.box).to_have_value("first line\nsecond line")
    expect(chat.questions).to_have_count(0)
    chat.page.keyboard.press("Enter")
    expect(chat.questions).to_have_count(1)
    assert chat.questions.inner_text() == "first line\nsecond line"
    expect(chat.box).to_have_value("")


def test_nothing_is_sent_from_an_empty_box(visits: Visits) -> None:
    chat = visits.chat()
    chat.box.press_sequentially("   ")
    expect(chat.page.locator("#chat-submit")).to_be_disabled()
    chat.page.keyboard.press("Enter")
    chat.ask("quote colon")
    expect(chat.questions).to_have_count(1)


def test_about_says_what_it_answers_from_and_gives_the_focus_back(visits: Visits) -> None:
    chat = visits.chat()
    chat.page.get_by_role("button", name="About", exact=True).click()
    dialog = chat.page.get_by_role("dialog", name="About")
    lines = [line for line in dialog.inner_text().split("\n") if line]
    assert lines[: len(plain(STRINGS.about)) + 1] == ["About", *plain(STRINGS.about)]
    chat.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(chat.page.get_by_role("button", name="About", exact=True)).to_be_focused()


def test_a_new_conversation_is_begun_only_after_a_question(visits: Visits) -> None:
    words = STRINGS.chainlit["navigation"]["newChat"]["dialog"]
    chat = visits.chat()
    chat.ask("of the old conversation")
    chat.page.get_by_role("button", name=STRINGS.page["new_chat"]).click()
    dialog = chat.page.get_by_role("dialog", name=words["title"])
    expect(dialog).to_contain_text(words["description"])
    chat.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(chat.questions).to_have_count(1)
    chat.page.get_by_role("button", name=STRINGS.page["new_chat"]).click()
    chat.page.locator("#confirm").click()
    expect(chat.questions).to_have_count(0)
    expect(chat.starters.first).to_be_enabled()
    expect(chat.ask("of the new one")).not_to_contain_text("of the old conversation")
    expect(chat.notes).to_be_empty()


def test_a_source_is_closed_when_a_new_conversation_begins(visits: Visits) -> None:
    chat = visits.chat()
    chat.open_source(chat.ask("quote colon").get_by_role("link", name="[1]").first)
    chat.page.get_by_role("button", name=STRINGS.page["new_chat"]).click()
    chat.page.locator("#confirm").click()
    expect(chat.questions).to_have_count(0)
    expect(chat.panel).to_be_hidden()


@pytest.mark.parametrize(("system", "dark"), [("light", False), ("dark", True)])
def test_the_page_is_light_or_dark_as_the_computer_is(
    visits: Visits, system: str, dark: bool
) -> None:
    chat = visits.chat(color_scheme=system)
    expect(chat.page.locator("html")).to_have_class("dark" if dark else "light")


def test_the_theme_that_is_chosen_stays(visits: Visits) -> None:
    chat = visits.chat(color_scheme="light")
    chat.page.get_by_role("button", name=STRINGS.page["theme"]).click()
    chat.page.get_by_role("menuitem", name="Dark").click()
    expect(chat.page.locator("html")).to_have_class("dark")
    chat.page.reload()
    expect(chat.page.locator("html")).to_have_class("dark")
    dark = chat.page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    chat.page.get_by_role("button", name=STRINGS.page["theme"]).click()
    chat.page.get_by_role("menuitem", name="Light").click()
    expect(chat.page.locator("html")).to_have_class("light")
    expect(chat.page.locator("body")).not_to_have_css("background-color", dark)


def test_an_address_that_is_none_says_so_and_leads_to_the_chat(visits: Visits) -> None:
    visits.expected.append("404 (Not Found)")
    page = visits.open("/no/such/page")
    expect(page.get_by_role("heading", level=1)).to_have_text(STRINGS.pages["not_found"])
    page.get_by_role("link", name=STRINGS.pages["to_chat"]).click()
    expect(page.locator("#chat-input")).to_be_visible()
