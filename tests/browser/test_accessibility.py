"""What axe finds on every screen, in light and in dark: nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.chat.guard import HEADERS
from assistant.chat.opening import Readiness
from assistant.chat.pages import Pages
from tests.browser.visits import STRINGS, Chat, Visits

# Loading styles a second time, axe looks for imported ones in the wrong folder.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
# Chainlit's page asks the computer once; then its button for it does this. What moves to other
# colours has come to rest, what moves for as long as it is there is left alone.
TURN = """
async theme => {
  const root = document.documentElement;
  if (["light", "dark"].includes(root.className)) root.className = theme;
  await new Promise(requestAnimationFrame);
  const moving = document.getAnimations().filter(one => one instanceof CSSTransition);
  await Promise.all(moving.map(one => one.finished.catch(() => 0)));
}
"""


def assert_nothing_is_found(page: Page, within: str | None = None) -> None:
    """In light and in dark; of the whole page, or of what a selector finds."""
    lines = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(TURN, theme)
        found = Axe().run(page, context=within, options=OPTIONS).response["violations"]
        lines += [
            f"{theme}: {one['id']} {' '.join(node['target'])}: {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]
    assert not lines, "\n".join(lines)


def settled(chat: Chat) -> Page:
    """The page when nothing moves any more."""
    chat.page.evaluate(
        "() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))"
    )
    return chat.page


def test_a_conversation_from_the_first_screen_to_what_failed(visits: Visits) -> None:
    chat = visits.chat()
    assert_nothing_is_found(settled(chat))
    answer = chat.ask("many")
    assert_nothing_is_found(settled(chat))
    chat.open_source(answer.get_by_role("link", name="[3]").first)
    assert_nothing_is_found(settled(chat))
    address = answer.get_by_role("link", name="[3]").first.get_attribute("href")
    assert address
    assert_nothing_is_found(visits.open(address))
    chat.page.keyboard.press("Escape")
    for question in ("senses", "paint", "damaged", "again"):
        chat.ask(question)
    assert_nothing_is_found(settled(chat))


def test_a_question_under_way_and_one_that_was_interrupted(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("slow 8")
    expect(chat.stop_button).to_be_visible()
    assert_nothing_is_found(chat.page)
    expect(chat.stop_button).to_be_visible()
    chat.page.reload()
    chat.wait_until_ready()
    expect(chat.notes).to_contain_text("slow 8")
    assert_nothing_is_found(settled(chat))


def test_the_dialogs(visits: Visits) -> None:
    chat = visits.chat()
    chat.page.get_by_role("button", name="About", exact=True).click()
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    assert_nothing_is_found(settled(chat))
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("dialog")).to_have_count(0)
    chat.ask("quote colon")
    chat.page.locator("#new-chat-button").click()
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    assert_nothing_is_found(settled(chat))


@pytest.mark.parametrize(
    "readiness",
    [
        Readiness("preparing", "Reading"),
        Readiness("preparing", "Indexing", 3, 12),
        Readiness("failed", problem="The index is damaged. Run: assistant build"),
    ],
    ids=["begun", "half done", "failed"],
)
def test_the_page_until_the_chat_can_be_used(visits: Visits, readiness: Readiness) -> None:
    visits.expected.append("503 (Service Unavailable)")
    page = visits.blank()
    body = Pages(STRINGS).preparing(readiness)
    headers = HEADERS | {"content-type": "text/html; charset=utf-8"}
    page.route("**/readyz", lambda route: route.abort())
    visits.expected.append("net::ERR_FAILED")
    page.route("**/preparing", lambda route: route.fulfill(body=body, headers=headers))
    page.goto(f"{visits.address}/preparing")
    assert_nothing_is_found(page)


def test_a_page_that_is_not_there(visits: Visits) -> None:
    visits.expected.append("404 (Not Found)")
    assert_nothing_is_found(visits.open("/no/such/page"))


def test_how_the_server_is_doing(visits: Visits) -> None:
    chat = visits.chat()
    chat.ask("many")
    assert_nothing_is_found(visits.open("/status"))


def test_on_a_phone(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 390, "height": 844})
    assert_nothing_is_found(settled(chat))
    answer = chat.ask("senses")
    assert_nothing_is_found(settled(chat))
    chat.open_source(answer.get_by_role("link", name="[2]").first)
    assert_nothing_is_found(settled(chat))
