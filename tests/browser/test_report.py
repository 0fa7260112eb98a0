"""The report of an evaluation, opened as a file with no network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evals.report.html import html
from tests.browser.test_accessibility import assert_nothing_is_found
from tests.browser.visits import PHONE, WIDE
from tests.evals.report.make_run import make_product, make_run, make_timings

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the report. In the end nothing but the file was asked for, and nothing went wrong."""
    path = tmp_path / "report.html"
    run = make_run(products=(make_product(), make_product("generative")))
    path.write_text(html(run, make_timings()), "utf-8")
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []
    usual: dict[str, Any] = {"viewport": WIDE, "offline": True}

    def open_report(anchor: str = "", **options: Any) -> Page:
        context = browser.new_context(**(usual | options))
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(path.as_uri() + anchor)
        return page

    yield open_report
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"page-{number}.png", full_page=True)
        context.close()
    assert {url.partition("#")[0] for url in asked} == {path.as_uri()}
    assert complaints == []


def shown(page: Page) -> list[str]:
    """Ids of the rows that are to be seen."""
    rows = page.locator("tbody.case:visible")
    return [row.get_attribute("id") or "" for row in rows.all()]


def test_an_answer_that_is_markup_does_nothing(opened: Open) -> None:
    page = opened()
    expect(page).to_have_title("Evaluation: Failed: 1 of 2 gates failed (typos).")
    expect(page.locator("img")).to_have_count(0)


def test_all_cases_are_shown_and_counted(opened: Open) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_have_text("Showing 8 of 8 cases.")
    assert len(shown(page)) == 8


def test_the_filters_work_by_keyboard(opened: Open) -> None:
    page = opened()
    status = page.get_by_role("status")
    page.get_by_label("Product").focus()
    page.keyboard.type("ext")
    expect(status).to_have_text("Showing 4 of 8 cases.")
    page.keyboard.press("Tab")
    page.keyboard.type("dev")
    expect(status).to_have_text("Showing 3 of 8 cases.")
    page.get_by_label("Failed only").focus()
    page.keyboard.press("Space")
    expect(status).to_have_text("Showing 2 of 8 cases.")
    assert shown(page) == ["case-0-visits", "case-0-slow"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).to_have_text("Showing 8 of 8 cases.")


@pytest.mark.parametrize(
    ("label", "value", "ids"),
    [
        ("Split", "test", ["hidden"]),
        ("Topic", "data", ["visits", "hidden"]),
        ("Outcome", "error", ["slow"]),
        ("To blame", "deciding", ["hidden"]),
        ("To blame", "search", []),
    ],
)
def test_each_filter_keeps_what_it_names(
    opened: Open, label: str, value: str, ids: list[str]
) -> None:
    page = opened()
    filters = page.locator("#filters")
    filters.get_by_label("Product").select_option("extractive")
    filters.get_by_label(label).select_option(value)
    expect(page.get_by_role("status")).to_have_text(f"Showing {len(ids)} of 8 cases.")
    assert shown(page) == [f"case-0-{name}" for name in ids]


def test_free_text_is_looked_for_in_the_whole_case(opened: Open) -> None:
    page = opened()
    page.get_by_label("Text").press_sequentially("WEEKS coach")
    expect(page.get_by_role("status")).to_have_text("Showing 2 of 8 cases.")
    page.keyboard.press("Enter")
    assert shown(page) == ["case-0-visits", "case-1-visits"]


def test_a_failure_is_opened_by_keyboard(opened: Open) -> None:
    page = opened()
    row = page.locator("#case-0-visits")
    expect(row.get_by_text("To blame: composing.")).to_be_hidden()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_text("How often do coaches visit?")).to_be_visible()
    expect(row.locator("blockquote")).to_have_text("Coaches visit every 2 weeks.")
    expect(row.locator("blockquote")).to_be_visible()
    expect(row.get_by_text("To blame: composing.")).to_be_visible()


def test_a_link_to_a_case_opens_it_even_if_it_was_filtered_out(opened: Open) -> None:
    page = opened()
    page.get_by_label("Split").select_option("test")
    expect(page.locator("#case-0-visits")).to_be_hidden()
    page.get_by_role("link", name="visits").first.click()
    expect(page.locator("#case-0-visits blockquote")).to_be_visible()
    expect(page.locator("#case-0-visits summary")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Showing 8 of 8 cases.")


def test_an_address_with_a_case_opens_it(opened: Open) -> None:
    expect(opened("#case-0-visits").locator("#case-0-visits blockquote")).to_be_visible()


def test_without_scripts_all_rows_are_there_and_no_filters(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.locator("tbody.case:visible").count() == 8
    expect(page.locator("#filters")).to_be_hidden()
    page.locator("#case-0-visits summary").click()
    expect(page.locator("#case-0-visits blockquote")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(opened: Open, size: dict[str, int]) -> None:
    page = opened(viewport=size)
    for summary in page.locator("summary").all():
        summary.click()
    assert_nothing_is_found(page)


def test_a_phone_need_not_scroll_sideways(opened: Open) -> None:
    page = opened(viewport=PHONE)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
