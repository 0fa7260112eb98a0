"""On a phone, and with letters of twice the size."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visits import PHONE, STRINGS, Chat, Visits
from tests.fakes import QUOTES

# A window of 1280 by 800 at a zoom of 200 %.
ZOOMED: dict[str, Any] = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
SMALL: list[dict[str, Any]] = [{"viewport": PHONE}, ZOOMED]
# What reaches beyond the window, unless it scrolls by itself or is there for screen readers only.
TOO_WIDE = """
element => [...element.querySelectorAll("*")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".hidden-text"))
  .map(e => e.outerHTML.slice(0, 200))
"""


def assert_nothing_is_beside_the_window(chat: Chat, part: Locator) -> None:
    page = chat.page
    width = page.viewport_size and page.viewport_size["width"]
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert part.evaluate("e => [e, ...e.querySelectorAll('*')].every(e => e.scrollLeft === 0)")
    assert part.evaluate(TOO_WIDE) == []


def assert_is_read_to_its_end(chat: Chat, text: str) -> None:
    last = chat.panel.get_by_text(text)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("options", SMALL, ids=["phone", "zoomed"])
def test_the_first_screen_is_usable(visits: Visits, options: dict[str, Any]) -> None:
    chat = visits.chat(**options)
    assert_nothing_is_beside_the_window(chat, chat.page.locator("body"))
    heading = chat.page.locator("#welcome-screen h2")
    expect(heading).to_be_visible()
    for part in (heading, chat.box, chat.starters.first, chat.starters.last):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=1)
    chat.starters.last.click()
    expect(chat.answer(0)).to_contain_text("Opening words. [1]")


@pytest.mark.parametrize("options", SMALL, ids=["phone", "zoomed"])
def test_an_answer_fits_the_window(visits: Visits, options: dict[str, Any]) -> None:
    chat = visits.chat(**options)
    for question in ("many", "senses", "paint"):
        answer = chat.ask(question)
        assert_nothing_is_beside_the_window(chat, chat.page.locator("#root"))
        for button in (answer.get_by_role("link").last, answer.get_by_role("button").last):
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=1)
        expect(chat.box).to_be_in_viewport(ratio=1)
        assert_nothing_is_beside_the_window(chat, chat.page.locator("#root"))


@pytest.mark.parametrize("options", SMALL, ids=["phone", "zoomed"])
def test_an_open_source_covers_the_page_and_is_read_to_its_end(
    visits: Visits, options: dict[str, Any]
) -> None:
    chat = visits.chat(**options)
    number = chat.ask("many").get_by_role("link", name="[6]").first
    chat.open_source(number)
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    assert chat.panel.bounding_box() == {"x": 0, "y": 0} | options["viewport"]
    assert_nothing_is_beside_the_window(chat, chat.panel)
    assert_is_read_to_its_end(chat, "Closing words.")
    assert_is_read_to_its_end(chat, STRINGS.pages["original"])
    close = chat.panel.get_by_role("button", name=STRINGS.page["source_close"])
    expect(close).to_be_in_viewport(ratio=1)
    for _ in range(6):
        chat.page.keyboard.press("Tab")
        expect(chat.page.locator("#root :focus, .skip:focus")).to_have_count(0)
    close.click()
    expect(number).to_be_focused()
    expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])


def test_a_window_that_becomes_narrow_gives_the_source_the_page_and_back(visits: Visits) -> None:
    chat = visits.chat()
    chat.open_source(chat.ask("quote colon").get_by_role("link", name="[1]").first)
    expect(chat.page.locator("#root")).not_to_have_attribute("inert", "")
    chat.page.set_viewport_size({"width": 390, "height": 844})
    expect(chat.page.locator("#root")).to_have_attribute("inert", "")
    chat.page.set_viewport_size({"width": 1280, "height": 900})
    expect(chat.page.locator("#root")).not_to_have_attribute("inert", "")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()


@pytest.mark.parametrize("options", SMALL, ids=["phone", "zoomed"])
def test_about_is_read_to_its_end(visits: Visits, options: dict[str, Any]) -> None:
    chat = visits.chat(**options)
    chat.page.get_by_role("button", name="About", exact=True).click()
    dialog = chat.page.get_by_role("dialog")
    last = dialog.locator("h2, li, [role=article], div").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert_nothing_is_beside_the_window(chat, dialog)
    chat.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
