"""The page until the chat can be used: it follows the preparation and opens the chat by itself."""

import json
from dataclasses import asdict

from playwright.sync_api import Page, Route, expect

from assistant.chat.guard import HEADERS
from assistant.chat.opening import Readiness
from assistant.chat.pages import Pages
from tests.browser.visits import STRINGS, Visits

PAGES = Pages(STRINGS)


class Preparation:
    """A server that is as far as it is told, before the one that is ready."""

    def __init__(self, page: Page, address: str, readiness: Readiness) -> None:
        self.readiness = readiness
        page.route("**/readyz", self._tell)
        page.route(f"{address}/", self._show)

    def _tell(self, route: Route) -> None:
        route.fulfill(status=self._status(), body=json.dumps(asdict(self.readiness)))

    def _show(self, route: Route) -> None:
        if self.readiness.state == "ready":
            route.continue_()
        else:
            body = PAGES.preparing(self.readiness)
            headers = HEADERS | {"content-type": "text/html; charset=utf-8"}
            route.fulfill(status=503, body=body, headers=headers)

    def _status(self) -> int:
        return 200 if self.readiness.state == "ready" else 503


def opened(visits: Visits, readiness: Readiness) -> tuple[Page, Preparation]:
    visits.expected.append("503 (Service Unavailable)")
    page = visits.blank()
    preparation = Preparation(page, visits.address, readiness)
    page.goto(f"{visits.address}/")
    return page, preparation


def test_the_preparation_is_followed_and_then_the_chat_opens(visits: Visits) -> None:
    page, preparation = opened(visits, Readiness("preparing", "Reading", 0, 0))
    expect(page.get_by_role("heading", level=1)).to_have_text(STRINGS.pages["preparing"])
    expect(page.get_by_role("status")).to_have_text("Reading")
    bar = page.get_by_role("progressbar")
    expect(bar).not_to_have_attribute("value", "0")
    preparation.readiness = Readiness("preparing", "Indexing", 3, 12)
    expect(page.get_by_role("status")).to_have_text("Indexing")
    expect(bar).to_have_attribute("value", "3")
    expect(bar).to_have_attribute("max", "12")
    expect(bar).to_have_accessible_name("Indexing")
    preparation.readiness = Readiness("preparing", "Loading", 0, 0)
    expect(page.get_by_role("status")).to_have_text("Loading")
    assert not bar.evaluate("bar => bar.hasAttribute('value')")
    preparation.readiness = Readiness("ready")
    expect(page.locator("#starters button").first).to_be_enabled()


def test_a_preparation_that_failed_says_why_and_is_tried_again(visits: Visits) -> None:
    page, preparation = opened(visits, Readiness("preparing", "Reading"))
    problem = "The index is <damaged>. Run: assistant build"
    preparation.readiness = Readiness("failed", problem=problem)
    expect(page.get_by_role("heading", level=1)).to_have_text(STRINGS.pages["failed"])
    expect(page.get_by_role("alert")).to_have_text(problem)
    preparation.readiness = Readiness("ready")
    with page.expect_request("**/prepare") as asked:
        page.get_by_role("button", name=STRINGS.pages["try_again"]).click()
    assert asked.value.method == "POST"
    expect(page.locator("#starters button").first).to_be_enabled()


def test_the_page_keeps_asking_while_the_server_does_not_answer(visits: Visits) -> None:
    visits.expected.append("net::ERR_FAILED")
    page, preparation = opened(visits, Readiness("preparing", "Reading"))
    page.route("**/readyz", lambda route: route.abort(), times=2)
    with page.expect_event("requestfailed"):
        pass
    preparation.readiness = Readiness("preparing", "Indexing", 1, 2)
    expect(page.get_by_role("status")).to_have_text("Indexing")
